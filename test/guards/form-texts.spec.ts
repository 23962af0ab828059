import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { OIDC_REFUSALS } from '@signalpost/contracts';
import { expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../backend/dist/access/index.js';
import { serverForm } from '../../backend/dist/mail/servers/server-form.js';
import { ROOT } from './source-files.js';

interface Node {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly oneOf?: readonly Node[];
  readonly widget?: string;
}
type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

const textsIn = (file: string): Texts =>
  JSON.parse(readFileSync(join(ROOT, 'frontend/src/i18n', file), 'utf8')) as Texts;
const german = textsIn('de/mail-server-form.json');

/** Every field that the form of mail servers shows, by its name: dots between what it stands in. */
function fieldsOf(node: Node, path: string): (readonly [string, Node])[] {
  const inner = [node, ...(node.oneOf ?? [])].flatMap(({ properties }) => Object.entries(properties ?? {}));
  return inner.flatMap(([name, field]) => {
    const own = path + name;
    return [[own, field] as const, ...(field.widget === 'secret' ? [] : fieldsOf(field, `${own}.`))];
  });
}

const forms = serverForm(SYSTEM_TENANT_ID);
const fields = [forms.outbound, forms.sandbox].flatMap((form) => fieldsOf(form as Node, ''));
/** Groups whose own name is nowhere: what is inside of them stands for itself. */
const UNSEEN = ['auth', 'readConfirmation', 'defaults'];

it('has German words for every field of the form of mail servers, whose English ones its schema has', () => {
  const titled = fields
    .filter(([name, { title }]) => title !== undefined && !UNSEEN.includes(name))
    .map(([name]) => name);
  expect(titled.length).toBeGreaterThan(30);
  expect(titled.filter((name) => german['field']?.[name] === undefined)).toEqual([]);
});

it('has German words for every description in it', () => {
  const described = fields.filter(([, { description }]) => description !== undefined).map(([name]) => name);
  expect(described.filter((name) => german['hint']?.[name] === undefined)).toEqual([]);
});

it('names no field that is not there', () => {
  const known = new Set(fields.map(([name]) => name));
  const named = [...Object.keys(german['field'] ?? {}), ...Object.keys(german['hint'] ?? {})];
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

it.each(['en', 'de'])(
  'says in %s why a sign-in at an identity provider let nobody in, for every reason there is',
  (language) => {
    expect(Object.keys(textsIn(`${language}/sign-in.json`)['refused'] ?? {}).toSorted()).toEqual(
      OIDC_REFUSALS.toSorted(),
    );
  },
);
