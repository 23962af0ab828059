/** Step upgrades of a node's configuration: step n leads from version n to n + 1. */
import type { JsonObject } from '../language/rule-message.js';

/** Answers the configuration of the next version, or a sentence that tells why it cannot be made. */
export type UpgradeStep = (config: JsonObject) => JsonObject | string;

export type Upgraded =
  | { readonly ok: true; readonly config: JsonObject }
  /** `config` is as far as the steps came. */
  | { readonly ok: false; readonly config: JsonObject; readonly problem: string };

/** Brings a configuration of version `from` up to the newest; one that is newer already is left alone. */
export function upgradeConfig(steps: readonly UpgradeStep[], config: JsonObject, from: number): Upgraded {
  let current = config;
  for (const step of steps.slice(from)) {
    const next = step(current);
    if (typeof next === 'string') return { ok: false, config: current, problem: next };
    current = next;
  }
  return { ok: true, config: current };
}
