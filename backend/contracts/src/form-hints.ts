/** What a form needs to know of a field beyond its type. Stands in the field's zod `.meta()` and goes into JSON Schema with it. */

/** How a field is edited where its type does not tell. */
export const FIELD_WIDGETS = [
  'text',
  'textarea',
  'select',
  'switch',
  'mailbox',
  'mailboxes',
  'headers',
  'secret',
  'pem',
  'connector',
  'oauth',
] as const;
export type FieldWidget = (typeof FIELD_WIDGETS)[number];

export interface FieldHints {
  readonly title: string;
  readonly description?: string;
  /** Heading under which the field stands; that of the object around it where absent. */
  readonly section?: string;
  readonly widget?: FieldWidget;
  /** Shown only while another field, by its dotted path from the root, has one of these values. */
  readonly showIf?: { readonly field: string; readonly in: readonly (string | boolean | null)[] };
  /** Behind a number, for example `ms`. */
  readonly unit?: string;
  readonly placeholder?: string;
}

/** Says the hints with the type that they must have; `.meta()` itself would take anything. */
export const fieldHints = (hints: FieldHints): FieldHints & Record<string, unknown> => ({ ...hints });
