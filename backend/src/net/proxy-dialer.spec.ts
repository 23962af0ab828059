import { createServer, isIP, type AddressInfo, type Server } from 'node:net';

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { EgressGuard, type Resolve } from './egress-guard.js';
import { startHttpProxy, startSocksProxy, type TestProxy } from './proxies.testing.js';
import { ProxyDialer, type ProxySettings } from './proxy-dialer.js';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.end('hello'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port; // a TCP server's address
});
afterAll(() => server.close());
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const START = { http: startHttpProxy, socks5: startSocksProxy };
const KINDS = ['http', 'socks5'] as const;
const unknown: Resolve = () => Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }));

async function proxy(kind: 'http' | 'socks5', options: Parameters<typeof startHttpProxy>[0] = {}): Promise<TestProxy> {
  const started = await START[kind](options);
  closing.push(() => started.close());
  return started;
}

const through = (settings: Partial<ProxySettings> & Pick<ProxySettings, 'kind' | 'port'>, guard: EgressGuard) =>
  new ProxyDialer({ host: '127.0.0.1', ...settings }, guard);

async function heard(dialer: ProxyDialer, host = '127.0.0.1', to = port): Promise<string> {
  for await (const word of await dialer.connect({ host, port: to, timeoutMs: 5000 })) return String(word);
  throw new Error('hung up');
}

it.each(KINDS)('reaches a server through a proxy (%s), which lies where the operator says', async (kind) => {
  const { port: at, opened } = await proxy(kind);
  expect(await heard(through({ kind, port: at }, new EgressGuard([`127.0.0.1:${port}`])))).toBe('hello');
  expect(opened).toEqual([`127.0.0.1:${port}`]);
});

it.each(KINDS)('signs in to it (%s), and says when that is refused', async (kind) => {
  const { port: at } = await proxy(kind, { user: { name: 'signalpost', password: 'p: with colon' } });
  const guard = new EgressGuard(['127.0.0.1']);
  const right = { kind, port: at, username: 'signalpost', password: 'p: with colon' };
  expect(await heard(through(right, guard))).toBe('hello');
  await expect(heard(through({ ...right, password: 'wrong-word' }, guard))).rejects.toThrow('check its user name');
  await expect(heard(through({ ...right, password: 'wrong-word' }, guard))).rejects.not.toThrow('wrong-word');
  await expect(heard(through({ kind, port: at }, guard))).rejects.toMatchObject({ code: 'EPROXY' });
});

it.each(KINDS)('leaves names that have no address here to the proxy (%s)', async (kind) => {
  const { port: at, opened } = await proxy(kind, { resolve: leadsHere });
  const dialer = through({ kind, port: at }, new EgressGuard([], unknown));
  expect(await heard(dialer, 'smtp.example.org', 587)).toBe('hello');
  expect(opened).toEqual(['smtp.example.org:587']);
});

/** A name whose addresses here are `addresses`, and which the proxy would lead into its inner network. */
const publicAt =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: isIP(address) })));
const leadsHere = () => ({ host: '127.0.0.1', port });

it.each(KINDS)(
  'tells the proxy (%s) the address that was checked, not a name that may mean another by then',
  async (kind) => {
    const { port: at, opened } = await proxy(kind, { resolve: leadsHere });
    const guard = new EgressGuard([], publicAt('10.0.0.1', '93.184.216.34'));
    expect(await heard(through({ kind, port: at }, guard), 'smtp.example.org', 587)).toBe('hello');
    expect(opened).toEqual(['93.184.216.34:587']);
  },
);

it.each(KINDS)('tries the next address of a name that the proxy (%s) does not reach, at most three', async (kind) => {
  const refuses = (host: string) => host !== '93.184.216.36';
  const { port: at, opened } = await proxy(kind, { resolve: leadsHere, refuses });
  const dialer = (...addresses: string[]) => through({ kind, port: at }, new EgressGuard([], publicAt(...addresses)));
  const inTurn = ['93.184.216.34', '93.184.216.35', '93.184.216.36', '93.184.216.37'];
  expect(await heard(dialer('2606:2800:21f::1', ...inTurn), 'smtp.example.org', 587)).toBe('hello');
  expect(opened).toEqual(['93.184.216.34:587', '93.184.216.35:587', '93.184.216.36:587']);
  const refused = heard(dialer('93.184.216.34'), 'smtp.example.org', 587);
  await expect(refused).rejects.toMatchObject({ code: 'EPROXY' });
  await expect(refused).rejects.toThrow(
    /93\.184\.216\.34:587 .*It is an address of smtp\.example\.org; .*resolvesNames/,
  );
});

it.each(KINDS)(
  'hands every name to a proxy (%s) that looks names up itself, and still checks it here',
  async (kind) => {
    const { port: at, opened } = await proxy(kind, { resolve: leadsHere });
    const settings = { kind, port: at, resolvesNames: true };
    const dialer = through(settings, new EgressGuard([], publicAt('93.184.216.34')));
    expect(await heard(dialer, 'smtp.example.org', 587)).toBe('hello');
    const inner = through(settings, new EgressGuard([], publicAt('10.0.0.1')));
    await expect(heard(inner, 'inner.example.org', 587)).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
    expect(opened).toEqual(['smtp.example.org:587']);
  },
);

it.each(KINDS)('opens no way into private networks behind it (%s)', async (kind) => {
  const { port: at, opened } = await proxy(kind);
  const open = new EgressGuard([]);
  for (const host of ['127.0.0.1', '169.254.169.254', '::1', 'localhost'])
    await expect(heard(through({ kind, port: at }, open), host)).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
  const inner = through({ kind, port: at }, new EgressGuard([], unknown));
  for (const host of ['intranet', 'metadata.google.internal', 'db.local'])
    await expect(heard(inner, host)).rejects.toThrow('unknown');
  expect(opened).toEqual([]);
});

it.each(KINDS)('says what the proxy (%s) cannot reach, and that one which is none is none', async (kind) => {
  const guard = new EgressGuard(['127.0.0.1']);
  await expect(heard(through({ kind, port }, guard))).rejects.toThrow(
    /not an HTTP proxy|not a SOCKS5 proxy|hung up|no end/,
  );
  await expect(heard(through({ kind, port: 1 }, guard))).rejects.toThrow(
    'The proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED)',
  );
  const { port: at } = await proxy(kind);
  await expect(heard(through({ kind, port: at }, guard), '127.0.0.1', 1)).rejects.toThrow();
});
