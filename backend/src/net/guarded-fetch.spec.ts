import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { EgressGuard } from './egress-guard.js';
import { GuardedFetch } from './guarded-fetch.js';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
    else if (request.url === '/big') response.end('x'.repeat(5000));
    else if (request.url === '/never') return;
    else request.pipe(response.writeHead(400, { 'X-Seen': request.headers.host ?? '' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const url = (path: string) => `http://127.0.0.1:${port}${path}`;
const closed = new GuardedFetch(new EgressGuard([]));
const open = () => new GuardedFetch(new EgressGuard([`127.0.0.1:${port}`]), { maxBytes: 1000 });

it('hands over method and body, and answers every status', async () => {
  const answer = await open().fetch(new Request(url('/echo'), { method: 'POST', body: 'a=b' }));
  expect([answer.status, await answer.text(), answer.headers.get('x-seen')]).toEqual([400, 'a=b', `127.0.0.1:${port}`]);
});

it('follows no redirect', async () => {
  expect((await open().fetch(new Request(url('/moved')))).status).toBe(302);
});

it('reads no more than it should', async () => {
  await expect(open().fetch(new Request(url('/big')))).rejects.toMatchObject({ kind: 'too-large' });
});

it('gives up in time', async () => {
  await expect(open().fetch(new Request(url('/never')), { timeoutMs: 50 })).rejects.toMatchObject({ kind: 'timeout' });
});

it('keeps to public addresses and to TLS, unless the operator vouched for the very host and port', async () => {
  await expect(closed.fetch(new Request(url('/echo')))).rejects.toMatchObject({ kind: 'address' });
  await expect(closed.fetch(new Request(`https://127.0.0.1:${port}/`))).rejects.toMatchObject({ kind: 'egress' });
  const options = { allowed: [`127.0.0.1:${port}`] };
  expect((await closed.fetch(new Request(url('/echo')), options)).status).toBe(400);
  await expect(closed.fetch(new Request('http://127.0.0.1:1/'), options)).rejects.toMatchObject({ kind: 'address' });
});

it('says when the other side does not speak TLS', async () => {
  const options = { allowed: [`127.0.0.1:${port}`] };
  await expect(closed.fetch(new Request(`https://127.0.0.1:${port}/`), options)).rejects.toMatchObject({ kind: 'tls' });
});
