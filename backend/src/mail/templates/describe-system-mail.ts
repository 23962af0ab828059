import type { Language, SystemMailId } from '@signalpost/contracts';
import { z } from 'zod';

import { text } from './variables.js';

/** A mail in one language, in Handlebars. */
export interface TemplateText {
  readonly subject: string;
  /** Stands in the layout: paragraphs, no page around them. */
  readonly html: string;
  /** The plain-text part; null: made of the HTML. */
  readonly text: string | null;
}

export type BuiltInText = Pick<TemplateText, 'subject' | 'html'>;

export interface SystemMail<V extends z.ZodObject = z.ZodObject> {
  readonly id: SystemMailId;
  readonly variables: V;
  /** For previews and tests; times are relative to the moment of the preview. */
  readonly sample: (now: number) => z.input<V>;
  /** Variables without which the mail is of no use: no text may leave them out. */
  readonly essential: readonly string[];
  readonly texts: Readonly<Record<Language, BuiltInText>>;
}

/** What every mail may name besides its own variables. */
export const COMMON_VARIABLES = z.object({
  recipientName: text('Name of the person who gets the mail; may be empty'),
  recipientAddress: text('Address that the mail goes to'),
  productName: text('Name of the product, as the branding has it'),
});

export const describeSystemMail = <V extends z.ZodObject>(mail: SystemMail<V>): SystemMail<V> => mail;
