import { expect, it } from 'vitest';

import { refuseScrape, type Scrape } from './may-scrape.js';

const from = (ip: string, headers: Scrape['headers'] = {}): Scrape => ({ ip, headers });
const TOKEN = 'a-long-metrics-token';

it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('lets a program on this machine read metrics (%s)', (ip) => {
  expect(() => refuseScrape(from(ip), undefined)).not.toThrow();
});

it.each([
  from('192.0.2.1'),
  from('::ffff:192.0.2.1'),
  from('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }),
  from('127.0.0.1', { forwarded: 'for=192.0.2.1' }),
  from('192.0.2.1', { authorization: 'Bearer anything' }),
])('lets nobody else, neither directly nor through a proxy on this machine (%o)', (request) => {
  expect(() => refuseScrape(request, undefined)).toThrow(expect.objectContaining({ code: 'forbidden' }));
});

it('asks everybody for the token where there is one', () => {
  const request = (authorization?: string) => from('127.0.0.1', authorization === undefined ? {} : { authorization });
  expect(() => refuseScrape(from('192.0.2.1', { authorization: `Bearer ${TOKEN}` }), TOKEN)).not.toThrow();
  for (const authorization of [undefined, '', 'Bearer', `Bearer ${TOKEN}x`, TOKEN])
    expect(() => refuseScrape(request(authorization), TOKEN)).toThrow(
      expect.objectContaining({ code: 'unauthenticated' }),
    );
});
