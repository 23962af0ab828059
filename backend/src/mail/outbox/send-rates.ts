import type { Queryable } from '../../db/index.js';
import { serverKey } from '../transport/transport-factory.js';
import type { WaitingGroup, Want } from './delivery-rows.js';

export interface Granted {
  readonly wants: readonly Want[];
  /** Until more is granted; 0: everything was. */
  readonly waitMs: number;
}

/** So much of a minute's mails may leave at once; the rest is spread, so that no 60 seconds hold more than the limit. */
const BURST = 1 / 3;

/**
 * Keeps servers to their mails a minute, all instances together: one row a server says how far its minute is spoken for
 * (the generic cell rate algorithm). Servers without a limit cost nothing.
 */
export class SendRates {
  /** Known to grant nothing before. */
  readonly #notBefore = new Map<string, number>();

  constructor(private readonly db: Queryable) {}

  async grant(wants: readonly Want[], groups: readonly WaitingGroup[]): Promise<Granted> {
    const limits = new Map(
      groups.flatMap(({ server, messagesPerMinute }) =>
        messagesPerMinute === null ? [] : [[serverKey(server), messagesPerMinute] as const],
      ),
    );
    if (limits.size === 0) return { wants, waitMs: 0 };
    const waits: number[] = [];
    const granted: Want[] = [];
    for (const [key, ofServer] of Map.groupBy(wants, ({ server }) => serverKey(server))) {
      const perMinute = limits.get(key);
      const share =
        perMinute === undefined ? { wants: ofServer, waitMs: 0 } : await this.#share(key, ofServer, perMinute);
      granted.push(...share.wants);
      if (share.waitMs > 0) waits.push(share.waitMs);
    }
    return { wants: granted, waitMs: waits.length === 0 ? 0 : Math.min(...waits) };
  }

  async #share(key: string, wants: readonly Want[], perMinute: number): Promise<Granted> {
    const closedMs = (this.#notBefore.get(key) ?? 0) - performance.now();
    if (closedMs > 0) return { wants: [], waitMs: closedMs };
    const [first] = wants;
    const wanted = wants.reduce((sum, { take }) => sum + take, 0);
    if (first === undefined || wanted === 0) return { wants, waitMs: 0 };
    const { granted, waitMs } = await this.#take(first, wanted, perMinute);
    if (granted === wanted) return { wants, waitMs: 0 };
    this.#notBefore.set(key, performance.now() + waitMs);
    return { wants: cut(wants, granted), waitMs };
  }

  async #take({ server }: Want, wanted: number, perMinute: number): Promise<{ granted: number; waitMs: number }> {
    const burst = Math.max(1, Math.floor(perMinute * BURST));
    const seconds = 60 / Math.max(1, perMinute - burst + 1);
    const [row] = await this.db.query<{ granted: number; ahead: number }>(TAKE, [
      server.tenantId,
      server.id,
      wanted,
      burst,
      seconds,
    ]);
    if (row === undefined) return { granted: wanted, waitMs: 0 };
    const waitMs = Math.ceil(Math.max(0, row.ahead - (burst - 1) * seconds) * 1000);
    return { granted: row.granted, waitMs: Math.max(1, waitMs) };
  }
}

/** The first ones as they are, the last of them in part. */
function cut(wants: readonly Want[], granted: number): Want[] {
  let left = granted;
  return wants.flatMap((want) => {
    const take = Math.min(want.take, left);
    left -= take;
    return take === 0 ? [] : [{ ...want, take }];
  });
}

/** `spoken_until`: how far the time of this server is given away. A server that was deleted meanwhile has no row. */
const TAKE = {
  name: 'outbox-rate',
  text: `
    INSERT INTO mail_server_rate AS r (tenant_id, mail_server_id, granted, spoken_until)
    SELECT s.tenant_id, s.id, least($3::int, $4::int), now() + make_interval(secs => least($3::int, $4::int) * $5::float8)
    FROM mail_server s WHERE s.tenant_id = $1 AND s.id = $2
    ON CONFLICT (tenant_id, mail_server_id) DO UPDATE SET
      granted = least($3::int, greatest(0, floor($4::int - extract(epoch FROM greatest(r.spoken_until, now()) - now()) / $5::float8)::int)),
      spoken_until = greatest(r.spoken_until, now()) + make_interval(secs => $5::float8 *
        least($3::int, greatest(0, floor($4::int - extract(epoch FROM greatest(r.spoken_until, now()) - now()) / $5::float8)::int)))
    RETURNING granted, extract(epoch FROM spoken_until - now())::float8 AS ahead`,
};
