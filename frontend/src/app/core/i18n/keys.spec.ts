import { describe, expect, it } from 'vitest';
import de from '../../../i18n/de';
import en from '../../../i18n/en';
import { DELIVERY_LOOKS } from '../../ui/status/delivery-state-tag';
import { ICONS } from '../../ui/icon/icons';
import { ACTIVE_NOTICE_CODE } from '../api/models/active-notice-code-array';
import { ALARM_SEVERITY } from '../api/models/alarm-severity-array';
import { ATTRIBUTE_SCOPE } from '../api/models/attribute-scope-array';
import { AUDIT_ACTION } from '../api/models/audit-action-array';
import { AUDIT_ENTITY_TYPE } from '../api/models/audit-entity-type-array';
import { ROLE } from '../api/models/role-array';

// Angular's test build is made for browsers and refuses `import 'node:fs'`; the tests themselves run in Node.
const { readFileSync, readdirSync } = process.getBuiltinModule('node:fs');
const APP = process.cwd() + '/src/app/';

/** Every text of the application's own sources: templates and code, without tests and generated files. */
const SOURCES = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|html)$/.test(file) && !/\.(spec|testing)\.ts$|^core\/api\//.test(file))
  .map((file) => readFileSync(APP + file, 'utf8'));

const LEAVES = leaves(en, '');

/** Literals like 'alarms.empty.active', or 'alarms.empty.' before a part that is only known at run time. */
const NAMED = SOURCES.flatMap((source) =>
  [...source.matchAll(/'([a-z][\w-]*\.[\w.-]*)'/gi)].map((match) => match[1] ?? ''),
)
  .concat('product')
  .filter((key) => Object.hasOwn(en, key.split('.')[0] ?? ''));

function leaves(node: object, path: string): readonly string[] {
  return Object.entries(node).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [path + key] : leaves(value, `${path}${key}.`),
  );
}

/** A name stands for the text itself, or for all texts below it. */
function covers(name: string, leaf: string): boolean {
  return leaf === name || leaf.startsWith(name.endsWith('.') ? name : name + '.');
}

/** What a text has filled in, like `{{ name }}`. */
function blanks(language: object, leaf: string): readonly string[] {
  const text = leaf.split('.').reduce<unknown>((node, key) => Object(node)[key], language);
  return [...String(text).matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? '').sort();
}

/** Fields of a generated form: their English words are in the schema that the server gives. */
function saysTheSchema(leaf: string): boolean {
  return leaf.startsWith('mailServerForm.') && !LEAVES.includes(leaf);
}

describe('every other language', () => {
  it('has the same texts as English', () => {
    expect(leaves(de, '').filter((leaf) => !saysTheSchema(leaf))).toEqual(LEAVES);
  });

  it('fills the same into them', () => {
    expect(LEAVES.map((leaf) => [leaf, blanks(de, leaf)])).toEqual(LEAVES.map((leaf) => [leaf, blanks(en, leaf)]));
  });
});

describe('the translation file', () => {
  it('has every text that the application names', () => {
    expect(NAMED.filter((name) => !LEAVES.some((leaf) => covers(name, leaf)))).toEqual([]);
  });

  it('has no text that the application does not name', () => {
    expect(LEAVES.filter((leaf) => !NAMED.some((name) => covers(name, leaf)))).toEqual([]);
  });

  it.each([
    ['severity', ALARM_SEVERITY],
    ['role', ROLE],
    ['attributeScope', ATTRIBUTE_SCOPE],
    ['notices.code', ACTIVE_NOTICE_CODE],
    ['audit.type', AUDIT_ENTITY_TYPE],
    ['audit.verb', AUDIT_ACTION.map((action) => action.slice(action.indexOf('.') + 1))],
    ['deliveryState', Object.keys(DELIVERY_LOOKS)],
  ])('has a text for every %s of the API', (group, values) => {
    expect(values.filter((value) => !LEAVES.includes(`${group}.${value}`))).toEqual([]);
  });
});

it('every icon in a template is one of ours', () => {
  const used = SOURCES.flatMap((source) =>
    [...source.matchAll(/\b(?:svgIcon|icon)="([\w-]+)"/g)].map((match) => match[1]),
  );
  expect(used.filter((name) => !name || !Object.hasOwn(ICONS, name))).toEqual([]);
});

it('every icon of ours is shown somewhere', () => {
  const named = new Set(
    SOURCES.filter((source) => !source.includes('const ICONS =')).flatMap((source) =>
      [...source.matchAll(/['"]([a-z-]+)['"]/g)].map((match) => match[1]),
    ),
  );
  expect(Object.keys(ICONS).filter((name) => !named.has(name))).toEqual([]);
});
