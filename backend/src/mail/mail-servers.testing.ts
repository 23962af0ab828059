import { randomBytes } from 'node:crypto';

import { Global, Module } from '@nestjs/common';

import { systemClock, type Database } from '../db/index.js';
import { EgressGuard } from '../net/index.js';
import { SecretBox } from '../secrets/index.js';
import { OAuthApplications } from './oauth/applications.js';
import { GrantTokens } from './oauth/grant-row.js';
import { Grants } from './oauth/grants.js';
import { ServerSignIn } from './oauth/server-sign-in.js';
import { OutboxSignal } from './outbox-signal.js';
import { mailProvider } from './providers/catalogue.js';
import { Connectors } from './servers/connectors.js';
import { MailServers, type MailServerParts } from './servers/mail-servers.js';
import { NamedSecrets } from './servers/named-secrets.js';
import { SERVER_USAGE, type ServerUsage } from './servers/server-usage.js';
import { StoredSettings } from './servers/stored-settings.js';

/** The rooms around mail servers, real ones, with nobody listening. */
export function serverRooms(db: Database, secrets: SecretBox, more: Partial<MailServerParts> = {}) {
  const nobody = { changed: () => undefined, ended: () => undefined };
  const grants = new Grants(db, new GrantTokens(secrets), nobody);
  const templates = (provider: Parameters<typeof mailProvider>[0]) => mailProvider(provider).oauth;
  const applications = new OAuthApplications(secrets, templates, grants);
  const rooms = { applications, secrets: new NamedSecrets(secrets), connectors: new Connectors(secrets) };
  const stored = new StoredSettings(secrets);
  const servers = new MailServers({
    ...rooms,
    stored,
    egress: new EgressGuard([]),
    signal: new OutboxSignal(),
    signIn: new ServerSignIn(grants, applications, templates),
    variables: {},
    clock: systemClock,
    changed: () => undefined,
    ...more,
  });
  return { ...rooms, grants, stored, servers };
}

/** For specs of other rooms: sealed with a key of this run. */
export const mailServersForTests = (db: Database, egressAllow: readonly string[] = []) =>
  serverRooms(db, SECRETS, { egress: new EgressGuard(egressAllow) });

const SECRETS = new SecretBox([{ kid: 'k1', key: randomBytes(32) }]);

/** Where there are no rule chains. */
export const NOBODY_SENDS: ServerUsage = {
  sendingNodes: () => Promise.resolve([]),
  replace: () => Promise.resolve(),
};

@Global()
@Module({ providers: [{ provide: SERVER_USAGE, useValue: NOBODY_SENDS }], exports: [SERVER_USAGE] })
export class NobodySendsModule {}
