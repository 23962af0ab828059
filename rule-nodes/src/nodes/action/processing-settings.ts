/** When the save nodes store values: ThingsBoard's processing settings. */
import { z } from 'zod';

import type { EntityRef } from '../../language/rule-message.js';

export const ON_EVERY_MESSAGE = { type: 'ON_EVERY_MESSAGE' } as const;
export const SKIP = { type: 'SKIP' } as const;

const OnEveryMessage = z.object({ type: z.literal(ON_EVERY_MESSAGE.type) });
const Deduplicate = z.object({
  type: z.literal('DEDUPLICATE'),
  deduplicationIntervalSecs: z
    .int()
    .min(1)
    .max(86_400)
    .meta({ title: 'Once in', ui: { unit: 's' } }),
});

/** What is done with one kind of storage. */
export const Strategy = z.discriminatedUnion('type', [
  OnEveryMessage,
  Deduplicate,
  z.object({ type: z.literal(SKIP.type) }),
]);
export type Strategy = z.infer<typeof Strategy>;

const strategy = () => Strategy.default(ON_EVERY_MESSAGE);

/** The settings of a save node; `kinds` are its kinds of storage that `ADVANCED` tells apart. */
export const processingSettings = <const K extends string>(kinds: readonly K[]) =>
  z
    .discriminatedUnion('type', [
      OnEveryMessage,
      Deduplicate,
      z.object({ type: z.literal('WEBSOCKETS_ONLY') }),
      z.object({
        type: z.literal('ADVANCED'),
        ...(Object.fromEntries(
          [...kinds, 'webSockets', 'calculatedFields'].map((kind) => [kind, strategy()]),
        ) as Record<K | 'webSockets' | 'calculatedFields', ReturnType<typeof strategy>>), // fromEntries forgets the keys
      }),
    ])
    .default(ON_EVERY_MESSAGE)
    .meta({ title: 'When values are stored' });

type Settings<K extends string> =
  | Exclude<Strategy, { type: 'SKIP' }>
  | { readonly type: 'WEBSOCKETS_ONLY' }
  | ({ readonly type: 'ADVANCED' } & { readonly [kind in K]: Strategy });

export function strategyFor<K extends string>(settings: Settings<K>, kind: K): Strategy {
  if (settings.type === 'ADVANCED') return settings[kind];
  return settings.type === 'WEBSOCKETS_ONLY' ? SKIP : settings;
}

/** What deduplication asks: when this entity's values were stored last. */
export interface Candidate {
  readonly entity: EntityRef;
  readonly ts: number;
  readonly keys: readonly string[];
}

/**
 * Decides by what is stored already: a message is skipped when all its keys have a value of the same interval. That holds
 * on every instance and across restarts, where ThingsBoard remembers in memory.
 */
export class Deduplication {
  readonly #seen = new Set<string>();

  constructor(readonly intervalSeconds: number) {}

  /** @param stored the newest stored value of each key that has one */
  isNew({ entity, ts, keys }: Candidate, stored: readonly { readonly key: string; readonly ts: number }[]): boolean {
    const places = keys.map((key) => `${entity.id}/${this.#interval(ts)}/${key}`);
    const known = (key: string) =>
      stored.some((value) => value.key === key && this.#interval(value.ts) === this.#interval(ts));
    const fresh = keys.some((key, index) => !known(key) && !this.#seen.has(places[index] ?? ''));
    for (const place of places) this.#seen.add(place);
    return fresh;
  }

  #interval(ts: number): number {
    return Math.floor(ts / (this.intervalSeconds * 1000));
  }
}
