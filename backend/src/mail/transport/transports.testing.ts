import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { outboundSettingsSchema } from '@signalpost/contracts';
import { afterAll, afterEach, beforeAll } from 'vitest';

import { EgressGuard } from '../../net/index.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { RouteConnector } from '../servers/route-connector.js';
import { testCa } from '../smtp-servers.testing.js';
import type { MailTransport } from './mail-transport.js';
import type { MailboxTokens } from './mailbox-tokens.js';
import { SmtpTransport } from './smtp-transport.js';

export const LOOPBACK = new EgressGuard(['127.0.0.0/8', '::1', 'localhost']);

export interface RouteOptions {
  readonly egress?: EgressGuard;
  readonly tokens?: MailboxTokens | null;
  readonly connector?: RouteConnector;
  readonly dialAllowed?: readonly string[];
}

/** A route to a server on the loopback address, over plain SMTP unless the settings say otherwise. */
export function routeTo(port: number, settings: object = {}, options: RouteOptions = {}): MailRoute {
  const given = { provider: 'custom', from: 'a@b.org', host: '127.0.0.1', port, tls: 'none', ...settings };
  return {
    server: { tenantId: 't', id: 's' },
    revision: 1,
    settings: outboundSettingsSchema.parse(given),
    sandbox: false,
    dialAllowed: options.dialAllowed ?? [],
    connector: options.connector ?? { kind: 'direct' },
    token: options.tokens ?? null,
  };
}

/** Servers and transports of a spec, closed after each test; our CA is trusted. */
export class TransportSpec {
  readonly #closing: (() => Promise<void>)[] = [];

  constructor() {
    const trusted = getCACertificates('default');
    beforeAll(() => setDefaultCACertificates([...trusted, testCa]));
    afterAll(() => setDefaultCACertificates(trusted));
    afterEach(async () => {
      for (const close of this.#closing.splice(0).reverse()) await close();
    });
  }

  readonly kept = async <T extends { close(): Promise<void> }>(started: Promise<T>): Promise<T> => {
    const server = await started;
    this.#closing.push(() => server.close());
    return server;
  };

  readonly smtp = (port: number, settings: object = {}, options: RouteOptions = {}): MailTransport => {
    const made = new SmtpTransport(routeTo(port, settings, options), options.egress ?? LOOPBACK);
    this.#closing.push(() => made.close(0));
    return made;
  };
}

export const testMail = (recipients = ['to@example.org'], body = 'Hello') => ({
  sender: 'from@example.org',
  recipients,
  messageId: '<1@test>',
  raw: Buffer.from(`Message-ID: <1@test>\r\nSubject: Test\r\n\r\n${body}\r\n`),
});
