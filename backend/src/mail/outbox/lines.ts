import type { Clock, Queryable } from '../../db/index.js';
import type { Log } from '../../http/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { MailRoutes } from '../servers/mail-route.js';
import type { TransportFactory } from '../transport/transport-factory.js';
import type { ServerVersion } from './delivery-rows.js';
import type { Line, ServerLane } from './server-lane.js';

/** Keeps a lane on the newest revision of its server. */
export class Lines {
  constructor(
    private readonly db: Queryable,
    private readonly routes: MailRoutes,
    private readonly transports: TransportFactory,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'error'>,
  ) {}

  /** @param version as this round read it; null: the server is gone */
  async lineTo(lane: ServerLane, version: ServerVersion | null): Promise<Line | MailFailure> {
    if (version === null) return mailFailure('mail-server-missing');
    const open = this.transports.find(lane.server, version, this.clock.now());
    if (lane.line !== undefined && open === lane.line.transport) return lane.line;
    try {
      const route = await this.routes.resolve(this.db, lane.server);
      if (route === null) return mailFailure('mail-server-missing');
      const transport = this.transports.open(route, version.grantRevision, this.clock.now());
      const line: Line = { route, version: { ...version, revision: route.revision }, transport, active: 0 };
      lane.use(line);
      return line;
    } catch (error) {
      this.log.error({ err: error, server: lane.server }, 'The settings of a mail server cannot be used');
      return mailFailure('mail-server-unusable');
    }
  }
}
