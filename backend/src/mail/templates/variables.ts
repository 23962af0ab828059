import type { Language } from '@signalpost/contracts';
import { z } from 'zod';

/**
 * What a variable of a system mail is, and so how it is shown: `text` comes from people or devices and is cleaned;
 * `moment` is milliseconds since the epoch, shown as a date in the reader's language and time zone; `count` is a number;
 * `link` and `code` are secrets and stay as they are.
 */
export type VariableKind = 'text' | 'moment' | 'count' | 'link' | 'code';

const variable = <T extends z.ZodType>(schema: T, kind: VariableKind, description: string): T =>
  schema.meta({ kind, description });

export const text = (description: string) => variable(z.string().nullish(), 'text', description);
export const moment = (description: string) => variable(z.int(), 'moment', description);
export const count = (description: string) => variable(z.int(), 'count', description);
export const link = (description: string) => variable(z.url({ protocol: /^https?$/ }), 'link', description);
export const code = (description: string) => variable(z.string().min(4).max(20), 'code', description);

export type Shown = Readonly<Record<string, string>>;

export interface Reader {
  readonly language: Language;
  /** As of the IANA database; absent: UTC, which is then said. */
  readonly timeZone?: string | undefined;
}

/** Longer values say nothing more to a reader, and could push what matters out of sight. */
const MAX_TEXT = 300;

/** All variables as the strings that a reader is to see. What is absent is empty. */
export function showVariables(schema: z.ZodObject, values: Readonly<Record<string, unknown>>, reader: Reader): Shown {
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => [name, show(kindOf(field as z.ZodType), values[name], reader)]), // classic zod made it
  );
}

export const kindOf = (field: z.ZodType): VariableKind => (field.meta()?.['kind'] ?? 'text') as VariableKind; // set by the functions above alone

function show(kind: VariableKind, value: unknown, { language, timeZone = 'UTC' }: Reader): string {
  if (typeof value === 'number') {
    if (kind === 'count') return new Intl.NumberFormat(language).format(value);
    return (
      new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(value) +
      zoneOf(timeZone)
    );
  }
  if (typeof value !== 'string') return '';
  return kind === 'text' ? cleanText(value) : value;
}

const zoneOf = (timeZone: string): string => (timeZone === 'UTC' ? ' UTC' : '');

/** Characters that turn the direction of what follows, or that nobody sees (Unicode TR9, TR36). */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** What others typed: one line, of bounded length, that cannot reorder the words around it. */
export function cleanText(value: string): string {
  const line = value
    .slice(0, 4 * MAX_TEXT)
    .toWellFormed()
    .replace(INVISIBLE, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const short =
    line.length <= MAX_TEXT
      ? line
      : `${line
          .slice(0, MAX_TEXT - 1)
          .toWellFormed()
          .trimEnd()}…`;
  return RIGHT_TO_LEFT.test(short) ? `\u2068${short}\u2069` : short;
}
