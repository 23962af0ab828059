import { expect, it } from 'vitest';
import { z } from 'zod';

import { changedFields } from './changed-fields.js';

const secret = z.string().meta({ secret: true });
const schema = z.strictObject({
  host: z.string(),
  port: z.int().optional(),
  bcc: z.array(z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  tokens: z.array(secret).optional(),
  auth: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('basic'), username: z.string(), password: secret }),
    ])
    .optional(),
});
const basic = (password: string) => ({ kind: 'basic', username: 'u', password });

it('names what differs with its values, and nothing else', () => {
  const before = { host: 'a.example', port: 25, bcc: ['x@example.org'], headers: { 'X-A': '1' } };
  const after = { host: 'b.example', port: 25, bcc: ['x@example.org', 'y@example.org'], headers: { 'X-B': '2' } };
  expect(changedFields(schema, before, after)).toEqual([
    { field: 'host', before: 'a.example', after: 'b.example' },
    { field: 'bcc', before: ['x@example.org'], after: ['x@example.org', 'y@example.org'] },
    { field: 'headers.X-A', before: '1', after: null },
    { field: 'headers.X-B', before: null, after: '2' },
  ]);
  expect(changedFields(schema, after, { ...after })).toEqual([]);
});

it('says of a secret that it was set, changed or cleared, and never what it is', () => {
  const change = (before: unknown, after: unknown) => changedFields(schema, before, after);
  const [old, now] = [
    { host: 'a', auth: basic('first-secret'), tokens: ['token-1'] },
    { host: 'a', auth: basic('second-secret'), tokens: ['token-2'] },
  ];
  expect(change(old, now)).toEqual([
    { field: 'auth.password', before: null, after: null, secret: 'changed' },
    { field: 'tokens.0', before: null, after: null, secret: 'changed' },
  ]);
  expect(change({ host: 'a' }, old)).toContainEqual({
    field: 'auth.password',
    before: null,
    after: null,
    secret: 'set',
  });
  expect(change(old, { host: 'a', auth: { kind: 'none' } })).toContainEqual({
    field: 'auth.password',
    before: null,
    after: null,
    secret: 'cleared',
  });
  for (const [before, after] of [
    [undefined, old],
    [old, now],
    [now, undefined],
  ] as const)
    expect(JSON.stringify(change(before, after))).not.toMatch(/secret-|-secret|token-/);
});

it('cuts long values: the log is no store of certificates', () => {
  const [change] = changedFields(schema, { host: 'a' }, { host: 'x'.repeat(10_000) });
  expect(change).toEqual({ field: 'host', before: 'a', after: `${'x'.repeat(500)}…` });
});
