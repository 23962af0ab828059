import { describe, expect, it } from 'vitest';
import { fieldsOf, shownOnly } from './form-fields';
import type { JsonSchema } from './json-schema';

/** As zod writes it: unions with a constant each, `null` as a branch, hints beside the title. */
const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    transport: { type: 'string', enum: ['smtp', 'graph'], default: 'smtp', section: 'connection', widget: 'select' },
    host: { type: 'string', section: 'connection', showIf: { field: 'transport', in: ['smtp'] } },
    port: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^\\$' }], section: 'connection' },
    perMinute: { anyOf: [{ type: 'integer' }, { type: 'null' }], title: 'Mails a minute' },
    bcc: { type: 'array', items: { type: 'string' }, widget: 'mailboxes' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    force: { type: 'boolean' },
    auth: {
      default: { kind: 'none' },
      section: 'sign-in',
      title: 'Sign-in',
      oneOf: [
        { type: 'object', properties: { kind: { type: 'string', const: 'none' } }, required: ['kind'] },
        {
          type: 'object',
          required: ['kind', 'username'],
          properties: {
            kind: { type: 'string', const: 'basic' },
            username: { type: 'string' },
            password: {
              oneOf: [
                { type: 'object', properties: { change: { const: 'keep' } } },
                { type: 'object', properties: { change: { const: 'set' }, value: { type: 'string' } } },
              ],
            },
          },
        },
      ],
    },
    dkim: {
      type: 'object',
      section: 'signing',
      required: ['domain'],
      properties: { domain: { type: 'string' }, key: { $ref: '#/$defs/Key' } },
    },
  },
  required: ['host'],
  $defs: { Key: { type: 'string', secret: true } },
};

const named = (value: object) => Object.fromEntries(fieldsOf(SCHEMA, value).map((field) => [field.name, field]));

describe('the fields of a form', () => {
  it('are shown as their shape says', () => {
    const fields = named({ auth: { kind: 'basic' }, dkim: {} });
    const widgets = Object.entries(fields).map(([name, { widget }]) => [name, widget]);
    expect(Object.fromEntries(widgets)).toEqual({
      transport: 'select',
      host: 'text',
      port: 'number',
      perMinute: 'number',
      bcc: 'list',
      headers: 'pairs',
      force: 'switch',
      'auth.kind': 'choice',
      'auth.username': 'text',
      'auth.password': 'secret',
      dkim: 'part',
      'dkim.domain': 'text',
      'dkim.key': 'secret',
    });
  });

  it('come and go with what another field says', () => {
    expect(Object.keys(named({ transport: 'smtp' }))).toContain('host');
    expect(Object.keys(named({}))).toContain('host'); // the default counts
    expect(Object.keys(named({ transport: 'graph' }))).not.toContain('host');
  });

  it('are those of the branch that is chosen; nothing chosen is the default', () => {
    expect(named({})['auth.kind']?.options).toEqual(['none', 'basic']);
    expect(Object.keys(named({}))).not.toContain('auth.username');
    expect(named({ auth: { kind: 'basic' } })['auth.username']).toMatchObject({
      pointer: '/auth/username',
      required: true,
    });
  });

  it('of an optional part wait until it is there, and then stand inside of it', () => {
    expect(Object.keys(named({}))).not.toContain('dkim.domain');
    expect(named({ dkim: {} })['dkim.domain']).toMatchObject({ depth: 1, section: 'signing', required: true });
  });

  it('keep their title and say that there may be none', () => {
    expect(named({})['perMinute']?.schema).toMatchObject({ title: 'Mails a minute', type: 'integer', nullable: true });
  });
});

it('sends only what is shown', () => {
  const value = {
    transport: 'graph',
    host: 'left.example.org',
    auth: { kind: 'none', username: 'left' },
    bcc: ['a@b.c'],
  };
  expect(shownOnly(SCHEMA, value)).toEqual({ transport: 'graph', auth: { kind: 'none' }, bcc: ['a@b.c'] });
});
