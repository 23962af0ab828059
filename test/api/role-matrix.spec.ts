import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Visitor } from '../stack/visitor.js';
import { casesOf, type Case } from './cases.js';
import { MATRIX, type Rule } from './matrix.js';
import { makeWorld, type World } from './world.js';

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const OPENAPI = new URL('../../backend/contracts/openapi.json', import.meta.url);
const { paths } = JSON.parse(readFileSync(OPENAPI, 'utf8')) as OpenApi;
const ROUTES = Object.entries(paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);
function turnOf(route: string): number {
  return route.startsWith('DELETE') ? 1000 - route.length : 0;
}

/** What deletes comes last, and single things before whole lists: others still look at them. */
const IN_TURN = ROUTES.toSorted((a, b) => turnOf(a) - turnOf(b));

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.product.dispose());

it('knows of every route who may call it', () => {
  expect(Object.keys(MATRIX).toSorted()).toEqual(ROUTES.toSorted());
});

it.each(IN_TURN.filter((route) => MATRIX[route] !== undefined))('%s', async (route) => {
  const rule = MATRIX[route]!;
  const cases = casesOf(rule, route, world);
  const answers = new Map<string, number>();
  for (const one of cases) answers.set(one.name, await play(one, rule, route));
  expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(cases.map(({ name, status }) => [name, status])));
});

/** Calls the route; what the caller must not see is not in the answer, and what was done is in the audit log. */
async function play(one: Case, rule: Rule, route: string): Promise<number> {
  const { name, side, role, audited } = one;
  const visitor = await visitorOf(one, rule);
  const [method = '', path = ''] = route.split(' ');
  const address = await addressOf(path, one, rule);
  const before = audited && (await newestEvent(side.chief));
  const headers = rule.ifMatch ? await revisionOf(visitor, address) : {};
  const answer = await ask(visitor, method, address, await rule.body?.(side), headers);
  if (rule.endsSession && role !== undefined && one.isAllowed) await side.signInAgain(role);
  if (role !== 'system')
    for (const other of [world.own, world.foreign].filter((tenant) => tenant !== side))
      expect(answer.text, `${name} sees another tenant`).not.toContain(other.mark);
  if (audited) expect(await newestEvent(side.chief), `${name} leaves nothing in the audit log`).not.toBe(before);
  return answer.status;
}

async function visitorOf({ side, role }: Case, { endsSession }: Rule): Promise<Visitor> {
  if (role === undefined) return world.product.visitor();
  return endsSession === true && role !== 'token' ? side.another(role) : side.as(role);
}

async function addressOf(path: string, { side, thing }: Case, { at, query }: Rule): Promise<string> {
  const parts = [...(thing === undefined ? [] : (await thing()).split('/')), ...(at ?? [])];
  const words = typeof query === 'function' ? await query(side) : query;
  return path.replaceAll(/\{\w+\}/g, () => parts.shift() ?? 'nothing') + (words === undefined ? '' : `?${words}`);
}

async function newestEvent(visitor: Visitor): Promise<string> {
  const { items } = await visitor.get<{ items: { id: string }[] }>('/api/audit?limit=1');
  return items[0]?.id ?? 'none';
}

async function revisionOf(visitor: Visitor, address: string): Promise<Record<string, string>> {
  return { 'If-Match': (await visitor.send('GET', address)).headers.get('etag') ?? '"1"' };
}

/** A stream of events is not waited for. */
async function ask(
  visitor: Visitor,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await visitor.send(method, path, body, headers);
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await answer.body?.cancel();
  return { status: answer.status, text: isStream ? '' : await answer.text() };
}
