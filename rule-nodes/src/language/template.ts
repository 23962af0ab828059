/**
 * ThingsBoard's templates: `${key}` is a metadata value, `${*}` all metadata as JSON, `$[a.b]` a scalar of the data,
 * `$[*]` all data as JSON. What cannot be resolved stays in the text as it is. A template is read once; substituted
 * values are never read as templates again.
 */
import type { Json, RuleMessage } from './rule-message.js';

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'metadata'; readonly text: string; readonly key: string }
  | { readonly kind: 'data'; readonly text: string; readonly path: readonly string[] };

/** Fills a template; `encode` is applied to each substituted value, for example to escape it for HTML. */
export type Template = (message: RuleMessage, encode?: (value: string) => string) => string;

const PLACEHOLDER = /\$\{([^{}]*)\}|\$\[([^[\]]*)\]/g;

export function parseTemplate(source: string): Template {
  const parts = partsOf(source);
  const [only] = parts;
  if (parts.length <= 1 && (!only || only.kind === 'text')) return () => source;
  return (message, encode = asItIs) => parts.map((part) => fill(part, message, encode)).join('');
}

const asItIs = (value: string): string => value;

function partsOf(source: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of source.matchAll(PLACEHOLDER)) {
    if (match.index > end) parts.push({ kind: 'text', text: source.slice(end, match.index) });
    parts.push(placeholder(match[0], match[1], match[2]));
    end = match.index + match[0].length;
  }
  if (end < source.length) parts.push({ kind: 'text', text: source.slice(end) });
  return parts;
}

function placeholder(text: string, key: string | undefined, path: string | undefined): Part {
  if (key !== undefined) return { kind: 'metadata', text, key };
  return { kind: 'data', text, path: (path ?? '').split('.') };
}

function fill(part: Part, message: RuleMessage, encode: (value: string) => string): string {
  if (part.kind === 'text') return part.text;
  const value = part.kind === 'metadata' ? metadataValue(message, part.key) : dataValue(message.data, part.path);
  return value === undefined ? part.text : encode(value);
}

function metadataValue({ metadata }: RuleMessage, key: string): string | undefined {
  if (key === '*') return JSON.stringify(metadata);
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined;
}

function dataValue(data: Json, path: readonly string[]): string | undefined {
  if (path.length === 1 && path[0] === '*') return JSON.stringify(data);
  let value: Json | undefined = data;
  for (const key of path) value = member(value, key);
  return value === undefined || (typeof value === 'object' && value !== null) ? undefined : String(value);
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether a template reads the message's data, which then must be JSON. */
export const needsJson = (source: string): boolean => partsOf(source).some(({ kind }) => kind === 'data');
