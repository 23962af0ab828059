import { Controller, Get, Post } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { Access, CurrentPrincipal, type Principal } from './index.js';

@Controller('rooms')
class RoomsController {
  @Get('undeclared')
  undeclared(): string {
    return 'never';
  }

  @Get('administrators')
  @Access('tenant-administrator')
  administrators(@CurrentPrincipal() principal: Principal): Principal {
    return principal;
  }

  @Post('administrators')
  @Access('tenant-administrator')
  change(): string {
    return 'done';
  }

  @Get('public')
  @Access('public')
  open(): string {
    return 'open';
  }

  @Get('careless')
  @Access('public')
  careless(@CurrentPrincipal() principal: Principal): Principal {
    return principal;
  }
}

let test: TestApp;
let people: People;
beforeAll(async () => {
  test = await startTestApp({ controllers: [RoomsController] });
  people = await seedPeople(test);
});
afterAll(() => test.close());

const room = (method: string, name: string, headers?: Record<string, string>) =>
  send(`${test.url}/rooms/${name}`, method, undefined, headers);

it('refuses a route that declares nothing, to everyone', async () => {
  for (const email of Object.values(people.emails)) {
    expect(await room('GET', 'undeclared', await signedIn(test.url, email))).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  }
  expect((await room('GET', 'undeclared')).status).toBe(401);
});

it('lets in the roles that a route names, and tells the route who asks', async () => {
  const { emails, tenantId } = people;
  expect((await room('GET', 'administrators', await signedIn(test.url, emails.admin))).body).toEqual({
    userId: expect.any(String),
    tenantId,
    role: 'tenant-administrator',
    customerId: null,
  });
  for (const email of [emails.system, emails.operator, emails.customer]) {
    expect(await room('GET', 'administrators', await signedIn(test.url, email))).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  }
  expect(await room('GET', 'administrators')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
});

it('lets everyone into public routes, which know nobody', async () => {
  expect((await room('GET', 'public')).status).toBe(200);
  expect((await room('GET', 'careless', await signedIn(test.url, people.emails.admin))).status).toBe(401);
});

it('refuses a change by cookie without the header that another site cannot send', async () => {
  const session = await signedIn(test.url, people.emails.admin);
  for (const value of ['', 'XMLHttpRequest']) {
    const refused = await room('POST', 'administrators', { ...session, 'X-Requested-With': value });
    expect(refused).toMatchObject({ status: 403, body: { code: 'missing-request-header' } });
  }
  expect((await room('POST', 'administrators', session)).status).toBe(201);
  expect((await room('GET', 'administrators', { ...session, 'X-Requested-With': '' })).status).toBe(200);
});

it('does not take an unknown token, nor a session token as a bearer', async () => {
  const { Cookie } = await signedIn(test.url, people.emails.admin);
  for (const token of ['sp_unknown', Cookie.split('=')[1] ?? '', '']) {
    expect((await room('GET', 'administrators', { Authorization: `Bearer ${token}` })).status).toBe(401);
  }
});
