import 'reflect-metadata';

import { randomBytes } from 'node:crypto';

import { Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { REQUEST_HEADER, tenantLimitsSchema } from '@signalpost/contracts';

import { AccessModule, SYSTEM_TENANT_ID } from '../access/index.js';
import { AccountsModule, Passwords, Sessions } from '../accounts/index.js';
import { AuditModule } from '../audit/index.js';
import { ConfigModule, loadConfig } from '../config/index.js';
import { Database, DbModule, Instance } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { Customers, DevicesModule } from '../devices/index.js';
import { EventsModule } from '../http/events/index.js';
import { createLog, HttpModule } from '../http/index.js';
import { OpsModule } from '../http/ops/index.js';
import { ServerUsageModule } from '../mail/index.js';
import { NetModule } from '../net/index.js';
import { QueueModule } from '../queue/index.js';
import { ChainServerUsage, RuleChainsModule } from '../rule-chains/index.js';
import { SecretsModule } from '../secrets/index.js';
import { Tenants, TenantsModule } from '../tenants/index.js';
import { Users, UsersModule } from '../users/index.js';
import { createApp } from './create-app.js';

@Module({})
class TestModule {}

export const PASSWORD = 'correct horse battery';

export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly database: Database & { readonly url: string };
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly controllers?: readonly Type[];
  /** Modules of more rooms. */
  readonly rooms?: readonly Type[];
  /** The database of another instance, which closes it. */
  readonly existing?: Database & { readonly url: string };
}

/** The ground floor and the people, over real HTTP on a free port; sources can be named by `X-Forwarded-For`. */
export async function startTestApp({ controllers = [], rooms = [], existing }: TestAppOptions = {}): Promise<TestApp> {
  const database = existing ?? (await createTestDatabase());
  const instance = await Instance.open(database);
  const config = loadConfig({ TRUSTED_PROXIES: '127.0.0.1', PUBLIC_URL: 'http://signalpost.test' });
  const log = createLog('silent');
  const imports = [
    ...rooms, // what they provide for all comes first
    ConfigModule.with(config, [{ kid: 'test', key: randomBytes(32) }]),
    DbModule.of(database, instance),
    HttpModule.with(log),
    AuditModule,
    EventsModule,
    OpsModule,
    NetModule,
    SecretsModule,
    QueueModule,
    TenantsModule,
    UsersModule,
    DevicesModule,
    AccountsModule,
    AccessModule.with(AccountsModule, Sessions),
    ServerUsageModule.with(RuleChainsModule, ChainServerUsage),
  ];
  const app = await createApp({ module: TestModule, imports, controllers: [...controllers] }, config, log);
  await app.listen(0, '127.0.0.1');
  const close = async (): Promise<void> => {
    await app.close();
    instance.close();
    if (existing === undefined) await database.close();
  };
  return { app, url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), database, close };
}

/** Two tenants, and in the first one a user of each role; everyone has the same password. */
export interface People {
  readonly tenantId: string;
  readonly otherTenantId: string;
  readonly customerId: string;
  readonly emails: Readonly<Record<'system' | 'admin' | 'operator' | 'customer' | 'stranger', string>>;
}

const EMAILS = {
  system: 'system@example.org',
  admin: 'admin@example.org',
  operator: 'operator@example.org',
  customer: 'customer@example.org',
  stranger: 'stranger@example.org',
} as const;

export async function seedPeople({ app, database }: TestApp): Promise<People> {
  const [tenants, users, customers] = [app.get(Tenants), app.get(Users), app.get(Customers)];
  const hash = await app.get(Passwords).hash(PASSWORD);
  return database.transaction(async (uow) => {
    const common = { limits: tenantLimitsSchema.parse({}), language: 'en' } as const;
    const { id: tenantId } = await tenants.save(uow, { name: 'Plant', ...common }, false);
    const { id: otherTenantId } = await tenants.save(uow, { name: 'Other', ...common }, false);
    const { id: customerId } = await customers.save(uow, tenantId, { name: 'Customer A' }, false);
    const add = (email: string, membership: Parameters<Users['save']>[1]) =>
      users.save(uow, membership, { email, name: '', language: null }, hash, false);
    await add(EMAILS.system, { tenantId: SYSTEM_TENANT_ID, role: 'system-administrator', customerId: null });
    await add(EMAILS.admin, { tenantId, role: 'tenant-administrator', customerId: null });
    await add(EMAILS.operator, { tenantId, role: 'tenant-operator', customerId: null });
    await add(EMAILS.customer, { tenantId, role: 'customer-user', customerId });
    await add(EMAILS.stranger, { tenantId: otherTenantId, role: 'tenant-administrator', customerId: null });
    return { tenantId, otherTenantId, customerId, emails: EMAILS };
  });
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or null for no body. */
  readonly body: Record<string, unknown>;
}

export type HeaderMap = Readonly<Record<string, string>>;

/** Sends one request like the user interface does. */
export async function send(url: string, method: string, body?: unknown, headers: HeaderMap = {}): Promise<TestAnswer> {
  const content = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const response = await fetch(url, {
    method,
    headers: { ...content, [REQUEST_HEADER.name]: REQUEST_HEADER.value, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

const parse = (text: string): Record<string, unknown> =>
  text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }; // an object, as its first letter says

/** Signs in; the answer's headers carry the cookie on. */
export async function signedIn(url: string, email: string): Promise<{ readonly Cookie: string }> {
  const { status, headers } = await send(`${url}/api/auth/sign-in`, 'POST', { email, password: PASSWORD });
  if (status !== 200) throw new Error(`${email} could not sign in: ${status}`);
  return { Cookie: (headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' };
}
