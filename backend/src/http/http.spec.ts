import { Body, Controller, Get, Post } from '@nestjs/common';
import { PROBLEMS } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';

import { Access } from '../access/index.js';
import { send, startTestApp, type TestApp } from '../start/test-app.testing.js';
import { Answers, ProblemError } from './index.js';

const thing = z.strictObject({
  name: z.string().min(1, 'must not be empty'),
  ports: z.array(z.object({ 'a/b~c': z.int() })).default([]),
});
const shown = z.object({ name: z.string() });

@Controller('things')
@Access('public')
class ThingsController {
  @Post()
  @Answers(shown, 201)
  create(@Body({ schema: thing }) body: z.infer<typeof thing>): object {
    return { ...body, secret: 'hunter2' };
  }

  @Get('broken')
  broken(): never {
    throw new Error('SELECT password FROM somewhere');
  }

  @Get('outage')
  outage(): never {
    throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' });
  }

  @Get('busy')
  busy(): never {
    throw new ProblemError('too-many-requests', { detail: 'The queue is full.', retryAfterSeconds: 1.2 });
  }
}

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp({ controllers: [ThingsController] });
});
afterAll(() => test.close());

const things = (method: string, path = '', body?: unknown, headers?: Record<string, string>) =>
  send(`${test.url}/things${path}`, method, body, headers);

it('names every error of a request by JSON Pointer', async () => {
  const { status, headers, body } = await things('POST', '', {
    name: '',
    ports: [{ 'a/b~c': 1 }, { 'a/b~c': 'x' }],
    extra: 1,
  });
  expect(status).toBe(400);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toEqual({
    type: 'urn:signalpost:problem:validation-failed',
    code: 'validation-failed',
    ...PROBLEMS['validation-failed'],
    errors: expect.arrayContaining([
      { pointer: '/name', message: 'must not be empty' },
      { pointer: '/ports/1/a~1b~0c', message: expect.any(String) },
    ]),
    requestId: headers.get('x-request-id'),
  });
});

it('answers only what the schema of the answer names', async () => {
  expect(await things('POST', '', { name: 'A' })).toMatchObject({ status: 201, body: { name: 'A' } });
  expect((await things('POST', '', { name: 'A' })).body).not.toHaveProperty('secret');
});

it('says where JSON breaks, and what it does not take', async () => {
  expect(await things('POST', '', '{"name": ', { 'Content-Type': 'application/json' })).toMatchObject({
    status: 400,
    body: { code: 'malformed-request', detail: expect.stringContaining('JSON') },
  });
  expect(await things('POST', '', 'name=A', { 'Content-Type': 'application/x-www-form-urlencoded' })).toMatchObject({
    status: 415,
    body: { code: 'unsupported-media-type' },
  });
  expect(await things('POST', '', { name: 'x'.repeat(1024 * 1024) })).toMatchObject({
    status: 413,
    body: { code: 'payload-too-large' },
  });
  expect(await send(`${test.url}/%ff`, 'GET')).toMatchObject({ status: 400, body: { code: 'malformed-request' } });
});

it('answers an unknown address as a problem too, whatever the method', async () => {
  for (const method of ['GET', 'POST', 'DELETE', 'PUT']) {
    expect(await send(`${test.url}/api/nowhere`, method)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  }
});

it('keeps what went wrong inside to itself', async () => {
  const { status, headers, body } = await things('GET', '/broken');
  expect(status).toBe(500);
  expect(body).toEqual({
    type: 'urn:signalpost:problem:internal-error',
    code: 'internal-error',
    ...PROBLEMS['internal-error'],
    requestId: headers.get('x-request-id'),
  });
});

it('tells an outage of the database from a bug', async () => {
  const { status, body } = await things('GET', '/outage');
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: 'unavailable', retryable: true });
  expect(JSON.stringify(body)).not.toContain('10.0.0.5');
});

it('says when to come back in whole seconds', async () => {
  const { status, headers, body } = await things('GET', '/busy');
  expect([status, headers.get('retry-after'), body['detail']]).toEqual([429, '2', 'The queue is full.']);
});

it('sends headers that keep a page from being framed, scripted or sniffed', async () => {
  const { headers } = await things('GET', '/busy');
  expect(headers.get('content-security-policy')).toMatch(
    /default-src 'self';script-src 'self';.*frame-ancestors 'none'/,
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('strict-transport-security')).toBeNull(); // PUBLIC_URL is not https here
});

it('reports life, readiness and metrics', async () => {
  expect(await send(`${test.url}/health/live`, 'GET')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await send(`${test.url}/health/ready`, 'GET')).toMatchObject({
    status: 200,
    body: { status: 'ok', checks: { database: 'ok', migrations: 'ok' } },
  });
  const forwarded = await send(`${test.url}/metrics`, 'GET', undefined, { 'X-Forwarded-For': '192.0.2.1' });
  expect(forwarded).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const { text } = (await send(`${test.url}/metrics`, 'GET')).body;
  expect(text).toContain('process_cpu_seconds_total');
  expect(text).toMatch(
    /signalpost_http_request_duration_seconds_count\{method="GET",route="\/health\/live",status="200"\} 1/,
  );
});
