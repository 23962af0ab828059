import type { Clock, Database, Instance } from '../../db/index.js';
import type { Log } from '../../http/index.js';
import type { EgressGuard, GuardedFetch } from '../../net/index.js';
import type { Queue } from '../../queue/index.js';
import type { OutboxSignal } from '../outbox-signal.js';
import type { MailRoutes } from '../servers/mail-route.js';
import type { ApiUrls } from '../transport/make-transport.js';
import { TransportFactory } from '../transport/transport-factory.js';
import type { Backlog } from './backlog.js';
import { Claims } from './claims.js';
import { Lines } from './lines.js';
import type { MailLogEvents } from './mail-log-events.js';
import type { MailMetrics } from './mail-metrics.js';
import { MakeReady } from './make-ready.js';
import type { MutedAlarms } from './muted-alarms.js';
import { MutedMails } from './muted-mails.js';
import { SendRates } from './send-rates.js';
import { Sender } from './sender.js';
import { Settler } from './settler.js';
import { Sweep } from './sweep.js';
import type { SystemMailContents } from './system-mail-contents.js';
import { SystemServers } from './system-servers.js';
import { UnderWay } from './under-way.js';

export interface SendingNeeds {
  readonly db: Database;
  readonly instance: Pick<Instance, 'id'>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
  readonly egress: EgressGuard;
  readonly http: Pick<GuardedFetch, 'fetch'>;
  /** Instead of the providers' templates. */
  readonly apiUrls?: ApiUrls;
  readonly signal: OutboxSignal;
  readonly backlog: Backlog;
  readonly routes: MailRoutes;
  readonly events: MailLogEvents;
  readonly metrics: MailMetrics;
  readonly systemMails: SystemMailContents;
  readonly mutedAlarms: MutedAlarms;
  /** Names the host of Message-IDs. */
  readonly publicUrl: string;
}

/** Puts the sending half of the mail room together. */
export function createSender(needs: SendingNeeds): Sender {
  const { db, queue, clock, log, events, metrics, signal, instance } = needs;
  const claims = new Claims(db);
  const underWay = new UnderWay(claims);
  const transports = new TransportFactory(needs);
  return new Sender({
    ...{ claims, underWay, transports, signal, metrics, instance, clock, log },
    lines: new Lines(db, needs.routes, transports, clock, log),
    rates: new SendRates(db),
    systemServers: new SystemServers(db),
    makeReady: new MakeReady(underWay, needs.systemMails, clock, needs.publicUrl),
    mutedMails: new MutedMails(db, needs.mutedAlarms, queue, clock, events),
    sweep: new Sweep(db, claims, queue, clock, needs.backlog, events, metrics),
    settler: (settled, failed) => new Settler(db, queue, clock, events, settled, failed),
  });
}
