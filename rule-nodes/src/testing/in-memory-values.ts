import type { EntityRef } from '../language/rule-message.js';
import type {
  AttributePort,
  AttributeRead,
  AttributeScope,
  AttributeWrite,
  KeyValue,
  TimeseriesPort,
  TimeseriesWrite,
} from '../node/ports.js';

type Place = string;
const placeOf = ({ entityType, id }: EntityRef, part: string): Place => `${entityType}/${id}/${part}`;

/** Values by key of one entity and scope. */
class Shelf {
  readonly #values = new Map<Place, Map<string, KeyValue>>();

  read(place: Place, keys: readonly string[]): KeyValue[] {
    const values = this.#values.get(place);
    return keys.flatMap((key) => values?.get(key) ?? []);
  }

  /** Answers the keys that changed. */
  write(place: Place, values: readonly KeyValue[]): string[] {
    const known = this.#values.get(place) ?? new Map<string, KeyValue>();
    this.#values.set(place, known);
    const changed = values.filter(({ key, value }) => JSON.stringify(known.get(key)?.value) !== JSON.stringify(value));
    for (const value of values) known.set(value.key, value);
    return changed.map(({ key }) => key);
  }
}

export class InMemoryAttributes implements AttributePort {
  readonly writes: AttributeWrite[] = [];
  readonly #shelf = new Shelf();

  set(entity: EntityRef, scope: AttributeScope, values: readonly KeyValue[]): void {
    this.#shelf.write(placeOf(entity, scope), values);
  }

  read(calls: readonly AttributeRead[]): Promise<KeyValue[][]> {
    return Promise.resolve(calls.map(({ entity, scope, keys }) => this.#shelf.read(placeOf(entity, scope), keys)));
  }

  write(calls: readonly AttributeWrite[]): Promise<string[][]> {
    this.writes.push(...calls);
    return Promise.resolve(calls.map(({ entity, scope, values }) => this.#shelf.write(placeOf(entity, scope), values)));
  }
}

export class InMemoryTimeseries implements TimeseriesPort {
  readonly saves: TimeseriesWrite[] = [];
  readonly #latest = new Shelf();

  latest(calls: Parameters<TimeseriesPort['latest']>[0]): Promise<KeyValue[][]> {
    return Promise.resolve(calls.map(({ entity, keys }) => this.#latest.read(placeOf(entity, 'latest'), keys)));
  }

  save(calls: readonly TimeseriesWrite[]): Promise<void> {
    this.saves.push(...calls);
    for (const { entity, values, store } of calls)
      if (store.latest) this.#latest.write(placeOf(entity, 'latest'), values);
    return Promise.resolve();
  }
}
