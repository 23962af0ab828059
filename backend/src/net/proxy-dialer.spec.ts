import { createServer, type AddressInfo, type Server } from 'node:net';

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
  const { port: at, opened } = await proxy(kind, { resolve: () => ({ host: '127.0.0.1', port }) });
  const dialer = through({ kind, port: at }, new EgressGuard([], unknown));
  expect(await heard(dialer, 'smtp.example.org', 587)).toBe('hello');
  expect(opened).toEqual(['smtp.example.org:587']);
});

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
