/** A secret on its way in, as the API takes it. */
export type SecretChange =
  | { readonly change: 'keep' }
  | { readonly change: 'set'; readonly value: string }
  | { readonly change: 'clear' }
  | { readonly change: 'named'; readonly secretId: string };

/** A secret on its way out: never what it is. */
export interface SecretState {
  readonly isSet: boolean;
  /** Epoch milliseconds. */
  readonly changedAt: number | null;
  readonly named?: { readonly id: string; readonly name: string } | null;
}

/** What a field can take its secret from. */
export interface NamedSecret {
  readonly id: string;
  readonly name: string;
}

const CHANGES: readonly string[] = ['keep', 'set', 'clear', 'named'] satisfies readonly SecretChange['change'][];

export function isSecretChange(value: unknown): value is SecretChange {
  return typeof value === 'object' && value !== null && 'change' in value && CHANGES.includes(String(value.change));
}

export function isSecretState(value: unknown): value is SecretState {
  return typeof value === 'object' && value !== null && 'isSet' in value && typeof value.isSet === 'boolean';
}
