import { Counter, Gauge, type Registry } from 'prom-client';

import type { Database } from '../../db/index.js';
import { OAUTH_GRANT_STATES } from '@signalpost/contracts';
import type { ExpiryNotice, ExpiringGrant } from './refresher.js';
import type { GrantRef } from './grant-row.js';
import type { OAuthFailure } from './oauth-failures.js';

type Warn = (told: object, message: string) => void;

/** Tells the log and the metrics of grants that end. */
export class LoggedNotices implements ExpiryNotice {
  readonly #warnings: Counter;
  readonly #ended: Counter;

  constructor(
    registry: Registry,
    private readonly warn: Warn,
  ) {
    const registers = [registry];
    this.#warnings = new Counter({
      name: 'signalpost_oauth_expiry_warnings_total',
      help: 'Warnings before a consent or a credential of an OAuth application ends, by days left',
      labelNames: ['what', 'days'],
      registers,
    });
    this.#ended = new Counter({
      name: 'signalpost_oauth_grants_ended_total',
      help: 'Scheduled refreshes that were refused for good, by cause',
      labelNames: ['code'],
      registers,
    });
  }

  expiring({ ref, mailbox, what, endsAt, days, note }: ExpiringGrant): Promise<void> {
    this.#warnings.inc({ what, days });
    const told = {
      tenantId: ref.tenantId,
      mailServerId: ref.serverId,
      mailbox,
      what,
      endsAt: new Date(endsAt).toISOString(),
    };
    this.warn(told, `the OAuth ${what} of a mail server ends within ${days} day(s). ${note}`);
    return Promise.resolve();
  }

  ended(ref: GrantRef, mailbox: string, failure: OAuthFailure): Promise<void> {
    this.#ended.inc({ code: failure.code });
    const told = { tenantId: ref.tenantId, mailServerId: ref.serverId, mailbox, code: failure.code };
    this.warn(told, `a mail server cannot sign in any more. ${failure.message} ${failure.advice}`);
    return Promise.resolve();
  }
}

/** How many grants are in which state; asked for when the metrics are read. */
export function countGrants(registry: Registry, db: Database): void {
  new Gauge({
    name: 'signalpost_oauth_grants',
    help: 'OAuth grants of mail servers by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const rows = await db.query<{ state: string; count: number }>(
        'SELECT state, count(*)::int AS count FROM oauth_grant GROUP BY state',
      );
      for (const state of OAUTH_GRANT_STATES) this.set({ state }, rows.find((row) => row.state === state)?.count ?? 0);
    },
  });
}
