import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Queryable } from '../../db/index.js';
import { concernsServer, type MailFailure, type MailFailureCode } from '../failures.js';
import type { ServerRef } from '../servers/choose-server.js';
import type { ClaimedMail } from './delivery-rows.js';
import type { ServerMove, Verdict } from './verdict.js';

/** What another server would say, too. */
const OF_THE_MAIL: ReadonlySet<MailFailureCode> = new Set([
  'address-invalid',
  'address-placeholder',
  'no-recipient',
  'contents-lost',
  'cancelled',
  'expired',
] as const);
/** RFC 3463 §3.8: security or policy of this very server, as of one that does not relay for us. */
const BY_POLICY = /\b5\.7\.\d/;

/** The servers that the system's own mails may go over: its default one and its fallback, as of the last look. */
export class SystemServers {
  #ids: readonly string[] = [];

  constructor(private readonly db: Queryable) {}

  async look(): Promise<void> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT id FROM mail_server WHERE tenant_id = $1 AND active AND (is_default OR is_fallback) ORDER BY is_default DESC`,
      [SYSTEM_TENANT_ID],
    );
    this.#ids = rows.map(({ id }) => id);
  }

  /** One to go over instead. @param resting whether a server is left alone at the moment */
  other(than: readonly string[], resting: (server: ServerRef) => boolean): ServerRef | null {
    const found = this.#ids
      .map((id) => ({ tenantId: SYSTEM_TENANT_ID, id }))
      .find((server) => !than.includes(server.id) && !resting(server));
    return found ?? null;
  }

  /**
   * A mail of the system does not end, or wait, with the server that failed: it goes on over the other one. Where it is not
   * known whether the server took it, it stays: only the same server sees that it is the same mail.
   */
  judge(mail: ClaimedMail, verdict: Verdict, resting: (server: ServerRef) => boolean): Verdict {
    const { system, server } = mail;
    const { failure } = verdict;
    if (system === null || failure === null || verdict.accepted.length > 0 || !saysOfServer(failure, verdict))
      return verdict;
    const forGood = !failure.retryable && verdict.state === 'refused';
    const refusedBy = forGood ? [...system.refusedBy, server.id] : system.refusedBy;
    const other = this.other([server.id, ...refusedBy], resting);
    if (other === null) return verdict;
    const moveTo: ServerMove = { server: other, refusedBy };
    return { ...verdict, state: 'waiting', nextInMs: 0, refused: [], moveTo };
  }
}

function saysOfServer(failure: MailFailure, { reply, state }: Verdict): boolean {
  if (state === 'expired' || OF_THE_MAIL.has(failure.code)) return false;
  if (failure.code === 'recipient-refused') return BY_POLICY.test(reply ?? failure.message);
  return concernsServer(failure) || !failure.retryable;
}
