import type { AuditChange } from '@signalpost/contracts';
import type { z } from 'zod';

import { mapSecrets } from '../secrets/index.js';

/** A longer value is cut: the log tells what changed, it is no store of templates and certificates. */
const LONGEST_VALUE = 500;
/** More are not listed one by one. */
const MOST_FIELDS = 100;

interface Leaf {
  readonly value: unknown;
  readonly secret: boolean;
}

const ABSENT: Leaf = { value: null, secret: false };

/**
 * The fields that differ, with their values before and after; what the schema marks with `.meta({ secret: true })` is named
 * and never shown.
 * @param before undefined for what was created
 * @param after undefined for what was deleted
 */
export function changedFields(schema: z.ZodType, before: unknown, after: unknown): AuditChange[] {
  const [old, now] = [leavesOf(schema, before), leavesOf(schema, after)];
  const fields = [...new Set([...old.keys(), ...now.keys()])];
  return fields
    .flatMap((field) => changeOf(field, old.get(field) ?? ABSENT, now.get(field) ?? ABSENT))
    .slice(0, MOST_FIELDS);
}

function changeOf(field: string, before: Leaf, after: Leaf): AuditChange[] {
  const [was, is] = [JSON.stringify(before.value), JSON.stringify(after.value)];
  if (was === is) return [];
  if (!before.secret && !after.secret) return [{ field, before: shown(before.value), after: shown(after.value) }];
  const secret = before.value === null ? 'set' : after.value === null ? 'cleared' : 'changed';
  return [{ field, before: null, after: null, secret }];
}

function shown(value: unknown): unknown {
  const text = JSON.stringify(value);
  if (text.length <= LONGEST_VALUE) return value;
  return `${(typeof value === 'string' ? value : text).slice(0, LONGEST_VALUE)}…`;
}

/** Every value with its dotted path; a list is one value unless it holds objects or secrets. */
function leavesOf(schema: z.ZodType, value: unknown): ReadonlyMap<string, Leaf> {
  const secrets = new Set<string>();
  mapSecrets(schema, value, (secret, field) => {
    secrets.add(field);
    return secret;
  });
  const leaves = new Map<string, Leaf>();
  const walk = (item: unknown, path: string): void => {
    if (isNothing(item)) return;
    if (isBranch(item, path, secrets))
      for (const [key, inside] of Object.entries(item)) walk(inside, path === '' ? key : `${path}.${key}`);
    else leaves.set(path, { value: item, secret: secrets.has(path) });
  };
  walk(value, '');
  return leaves;
}

/** A field that was left empty is no change. */
function isNothing(item: unknown): boolean {
  return item === undefined || item === null || item === '' || (Array.isArray(item) && item.length === 0);
}

function isBranch(item: unknown, path: string, secrets: ReadonlySet<string>): item is object {
  if (typeof item !== 'object' || item === null) return false;
  if (!Array.isArray(item)) return true;
  return item.some((part) => typeof part === 'object') || [...secrets].some((field) => field.startsWith(`${path}.`));
}
