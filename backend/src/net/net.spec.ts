import { createServer, type AddressInfo, type Server } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { EgressGuard, type Resolve } from './egress-guard.js';
import { isPublicAddress } from './special-addresses.js';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.end('hello'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port; // a TCP server's address
});
afterAll(() => server.close());

const knock = async (guard: EgressGuard, host: string, to = port): Promise<string> => {
  const socket = await guard.connect({ host, port: to, timeoutMs: 5000 });
  for await (const word of socket) return String(word);
  throw new Error('hung up');
};
const answering =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

it.each([
  '127.0.0.1',
  '127.255.0.3',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'ff02::1',
  '64:ff9b::a00:1',
  '2002:7f00:1::',
  '2001:0:1::',
  'not an address',
  '',
])('takes %s for private', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  'takes %s for public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

it('refuses what is not listed and says what to do', async () => {
  const guard = new EgressGuard([]);
  await expect(knock(guard, '127.0.0.1')).rejects.toThrow(`add "127.0.0.1:${port}" to EGRESS_ALLOW`);
  await expect(knock(guard, 'localhost')).rejects.toThrow('not on the public internet');
  await expect(knock(new EgressGuard([], answering('169.254.169.254')), 'metadata.example.org')).rejects.toMatchObject({
    code: 'EGRESS_REFUSED',
  });
});

it.each([
  ['a network', () => ['127.0.0.0/8'], '127.0.0.1'],
  ['an address', () => ['127.0.0.1'], '127.0.0.1'],
  ['an address and port', () => [`127.0.0.1:${port}`], '127.0.0.1'],
  ['a network and port', () => [`127.0.0.0/8:${port}`], '127.0.0.1'],
  ['a name', () => ['LocalHost'], 'localhost'],
  ['a name and port', () => [`localhost:${port}`], 'localhost'],
  ['a network, for a name that resolves into it', () => ['127.0.0.0/8', '[::1]/128'], 'localhost'],
])('lets through what is listed as %s', async (_as, allow, host) => {
  expect(await knock(new EgressGuard(allow()), host)).toBe('hello');
});

it('keeps to the listed port', async () => {
  await expect(knock(new EgressGuard(['127.0.0.1:1']), '127.0.0.1')).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
});

it('dials the address that it checked, whatever the name answers later', async () => {
  const answers = [['127.0.0.1'], ['127.0.0.99']];
  const guard = new EgressGuard(['127.0.0.1/32'], (host) => answering(...(answers.shift() ?? []))(host));
  expect(await knock(guard, 'rebinding.example.org')).toBe('hello');
  expect(answers).toHaveLength(1);
});

it('dials only the permitted ones of several addresses', async () => {
  const guard = new EgressGuard(['127.0.0.1/32'], answering('127.0.0.2', '10.0.0.1', '127.0.0.1'));
  expect(await knock(guard, 'mixed.example.org')).toBe('hello');
});

it('looks a name up and dials it in two steps, with one answer for both', async () => {
  const answers = [['127.0.0.1'], ['127.0.0.99']];
  const guard = new EgressGuard(['127.0.0.1/32'], (host) => answering(...(answers.shift() ?? []))(host));
  const admitted = await guard.admit({ host: 'rebinding.example.org', port, timeoutMs: 5000 });
  expect(admitted.addresses).toEqual([{ address: '127.0.0.1', family: 4 }]);
  for await (const word of await admitted.dial(5000)) expect(String(word)).toBe('hello');
  expect(answers).toHaveLength(1);
  const closed = new EgressGuard([]).admit({ host: '127.0.0.1', port, timeoutMs: 5000 });
  await expect(closed).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
});

it('gives up in time on a name that never resolves and tells a refused connection', async () => {
  const never = new EgressGuard([], () => new Promise(() => undefined));
  await expect(never.connect({ host: 'slow.example.org', port: 25, timeoutMs: 20 })).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
  await expect(knock(new EgressGuard(['127.0.0.1']), '127.0.0.1', 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
