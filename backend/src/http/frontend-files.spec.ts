import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { serveFrontend } from './index.js';

const home = mkdtempSync(join(tmpdir(), 'signalpost-frontend-'));
const folder = join(home, 'browser');
mkdirSync(join(folder, 'i18n'), { recursive: true });
writeFileSync(join(home, 'secret.txt'), 'outside');
writeFileSync(join(folder, 'index.html'), '<app-root></app-root>');
writeFileSync(join(folder, 'main-ABCDEF12.js'), 'run()');
writeFileSync(join(folder, 'i18n', 'en.json'), '{}');

let app: FastifyInstance;
let url: string;
beforeAll(async () => {
  app = fastify();
  await serveFrontend(app, folder);
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

const page = { Accept: 'text/html,*/*' };
const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}${path}`, { headers });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    cache: response.headers.get('cache-control'),
    text: await response.text(),
  };
};

it('serves hashed files for a year and others only after asking', async () => {
  expect(await get('/main-ABCDEF12.js')).toEqual({
    status: 200,
    type: 'application/javascript; charset=utf-8',
    cache: 'public, max-age=31536000, immutable',
    text: 'run()',
  });
  expect(await get('/i18n/en.json')).toMatchObject({ status: 200, cache: 'no-cache', text: '{}' });
});

it('gives the start page for every address of the router, and to nobody who wants something else', async () => {
  for (const path of ['/', '/alarms', '/setup?token=x', '/rule-chains/1/edit']) {
    expect(await get(path, page)).toMatchObject({ status: 200, cache: 'no-cache', text: '<app-root></app-root>' });
  }
  for (const path of ['/main-00000000.js', '/alarms']) expect((await get(path)).status).toBe(404);
});

it('never answers for the API with a page', async () => {
  for (const path of ['/api/nowhere', '/api', '/health/nowhere', '/metrics/x']) {
    expect(await get(path, page)).toMatchObject({ status: 404, type: 'application/problem+json; charset=utf-8' });
  }
});

it('serves nothing from outside of its folder', async () => {
  for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/i18n/..%5c..%5csecret.txt']) {
    expect((await get(path)).text).not.toContain('outside');
  }
});

it('says so when there is no build', async () => {
  const bare = fastify();
  await serveFrontend(bare, join(home, 'none'));
  const { body } = await bare.inject({ url: '/', headers: page });
  expect(body).toContain('npm run build');
  await bare.close();
});
