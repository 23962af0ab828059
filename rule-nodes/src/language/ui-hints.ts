/**
 * What a form needs to know of a configuration field beyond its type. It stands in the field's zod `.meta()` and goes
 * with it into JSON Schema, so that a field is described once.
 */

/** How a field is edited where its type does not tell. */
export type FieldWidget =
  'text' | 'multiline' | 'template' | 'script' | 'select' | 'chips' | 'key-value' | 'rule-chain' | 'mail-server';

export interface UiHint {
  readonly widget?: FieldWidget;
  /** Language of a `script` field. */
  readonly language?: 'JS' | 'TBEL';
  /** Shown only while another field of the same form has one of these values. */
  readonly showWhen?: { readonly field: string; readonly isOneOf: readonly (string | boolean | null)[] };
  /** Labels of a `select`, by value. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Kept with the configuration but never shown. */
  readonly hidden?: true;
  /** Unit behind a number, for example `s`. */
  readonly unit?: string;
}

declare module 'zod' {
  interface GlobalMeta {
    ui?: UiHint;
    /** Not ThingsBoard's: left out of exported files, where a stray key would keep the node from starting. */
    ownSetting?: boolean;
  }
}
