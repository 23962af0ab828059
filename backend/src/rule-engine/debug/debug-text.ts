import type { DebugEvent } from '@signalpost/contracts';
import type { Json, RuleMessage } from '@signalpost/rule-nodes/runtime';

/** Characters of a message's data, of a metadata value and of an error that are kept; ThingsBoard's limit. */
const MOST_CHARACTERS = 4096;
const MOST_METADATA_KEYS = 100;

/** What people call things that nobody else should read. */
const SECRET_NAME = /pass(word|wd|phrase)|secret|token|credential|authorization|api[-_ ]?key|private[-_ ]?key/i;
const IN_TEXT =
  /\b(bearer|basic)\s+[\w+/=.~-]{8,}|\b([\w-]*(?:password|passwd|secret|token|api[-_]?key)[\w-]*["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&}]+)/gi;
const HIDDEN = '••••••';

type Shown = DebugEvent['input'];

/** A message as the debug trail keeps it: what looks like a secret is hidden, what is too long is cut off. */
export function shown({ data, metadata }: RuleMessage): Shown {
  return { data: cutData(withoutSecrets(data)), metadata: shownMetadata(metadata) };
}

export function shownText(text: string): string {
  return cut(scrub(text));
}

function shownMetadata(metadata: RuleMessage['metadata']): Record<string, string> {
  const kept = Object.entries(metadata).slice(0, MOST_METADATA_KEYS);
  return Object.fromEntries(
    kept.map(([key, value]) => [cut(key), SECRET_NAME.test(key) ? HIDDEN : cut(scrub(value))] as const),
  );
}

function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => [clean(key), SECRET_NAME.test(key) ? HIDDEN : withoutSecrets(inside)]),
  );
}

function scrub(text: string): string {
  return clean(text).replace(IN_TEXT, (_all, scheme: string | undefined, name: string | undefined) =>
    scheme === undefined ? `${name ?? ''}${HIDDEN}` : `${scheme} ${HIDDEN}`,
  );
}

/** JSON that is too long becomes the beginning of its text. */
function cutData(data: Json): Json {
  const text = JSON.stringify(data);
  return text.length <= MOST_CHARACTERS ? data : cut(text);
}

function cut(text: string): string {
  return clean(text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`);
}

/** PostgreSQL keeps no NUL in text, and no half of a surrogate pair. */
const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();
