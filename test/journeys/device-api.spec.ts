import { afterAll, beforeAll, expect, it } from 'vitest';

import { Product } from '../stack/product.js';
import { ADMIN, tenant, TOKEN } from '../stack/tenant.js';
import { fixture } from '../stack/chains.js';
import { until } from '../stack/until.js';

interface Value {
  readonly key: string;
  readonly ts: number;
  readonly value: unknown;
}

const ROOT_CHAIN = fixture('send_email_rule_chain.json');
const sandbox = { name: 'DEFAULT', default: true, provider: 'sandbox' };

let product: Product;
beforeAll(async () => {
  const ordinary = tenant({ mailServer: sandbox, chain: ROOT_CHAIN });
  const limited = tenant({
    name: 'Limited',
    mailServer: sandbox,
    chain: ROOT_CHAIN,
    tokens: ['LIMITED'],
    admin: { ...ADMIN, email: 'limited@example.org' },
  });
  product = await Product.start({
    provisioning: { tenants: [ordinary, { ...limited, limits: { telemetryPerSecond: 2 } }] },
  });
});
afterAll(() => product.dispose());

async function stored(): Promise<Map<string, Value>> {
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const [device] = await admin.list<{ id: string }>('/api/devices');
  const { values } = await admin.get<{ values: Value[] }>(`/api/devices/${device?.id ?? ''}/telemetry/latest`);
  return new Map(values.map((value) => [value.key, value]));
}

const problemOf = async (answer: Response): Promise<Record<string, unknown>> => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return (await answer.json()) as Record<string, unknown>;
};

it('takes every shape that ThingsBoard takes, and answers 200 with nothing', async () => {
  const bodies = [
    { plain: 1, text: 'on', yes: true, nested: { a: [1, 2] } },
    { ts: 1_700_000_000_000, values: { timed: 2.5 } },
    [{ inArray: 3 }, { ts: 1_700_000_000_001, values: { timedInArray: 4 } }],
  ];
  for (const body of bodies) {
    const answer = await product.telemetry(TOKEN, body);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  }
  const values = await until('all values to be stored', async () => {
    const now = await stored();
    return now.has('timedInArray') && now;
  });
  expect(Object.fromEntries([...values].map(([key, { value }]) => [key, value]))).toMatchObject({
    plain: 1,
    text: 'on',
    yes: true,
    nested: { a: [1, 2] },
    timed: 2.5,
    inArray: 3,
    timedInArray: 4,
  });
  expect(values.get('timed')?.ts).toBe(1_700_000_000_000);
});

it('keeps attributes and gives them back', async () => {
  const visitor = product.visitor();
  expect((await visitor.send('POST', `/api/v1/${TOKEN}/attributes`, { firmware: '1.2', level: 7 })).status).toBe(200);
  await until('the attributes', async () => {
    const answer = await visitor.send('GET', `/api/v1/${TOKEN}/attributes?clientKeys=firmware,level`);
    const { client } = (await answer.json()) as { client?: Record<string, unknown> };
    return client?.['firmware'] === '1.2' || client?.['firmware'] === 1.2;
  });
});

it('knows no device by a wrong token', async () => {
  const answer = await product.telemetry('WRONG', { temperature: 1 });
  expect(answer.status).toBe(401);
  expect(await problemOf(answer)).toMatchObject({ code: 'unknown-device-token', status: 401 });
});

it.each([
  ['what is no JSON', '{"half": ', /not JSON/],
  ['a number', '5', /must be a JSON object/],
  ['an empty array', '[]', /array is empty/],
  ['a time that is none', '{"ts":"yesterday","values":{"refused":1}}', /"ts"/],
  ['values that are none', '{"ts":1,"values":5}', /"values"/],
  ['a good item beside a bad one', '[{"refused":1}, 7]', /Item 1/],
])('refuses %s with the reason, and keeps nothing of it', async (_what, body, reason) => {
  const answer = await product.visitor().send('POST', `/api/v1/${TOKEN}/telemetry`, body);
  expect(answer.status).toBe(400);
  expect((await problemOf(answer))['detail']).toMatch(reason);
  await product.telemetry(TOKEN, { afterwards: 1 });
  const values = await until('the next telemetry', async () => {
    const now = await stored();
    return now.has('afterwards') && now;
  });
  expect(values.has('refused')).toBe(false);
});

it('refuses what is too large', async () => {
  const answer = await product.telemetry(TOKEN, { long: 'x'.repeat(2_000_000) });
  expect(answer.status).toBe(413);
  expect(await problemOf(answer)).toMatchObject({ code: 'payload-too-large' });
});

it("slows down a tenant over its limit, and says how long; others don't notice", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => product.telemetry('LIMITED', { n })));
  const over = [...answers, await product.telemetry('LIMITED', { n: 21 })].filter((answer) => answer.status === 429);
  expect(over.length).toBeGreaterThan(0);
  expect(Number(over[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect((await product.telemetry(TOKEN, { still: 'fine' })).status).toBe(200);
});
