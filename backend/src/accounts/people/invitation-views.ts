import { Inject } from '@nestjs/common';
import type { Invitation, User } from '@signalpost/contracts';

import { Database } from '../../db/index.js';
import { SystemMails, type SystemMailState } from '../../mail/index.js';
import type { UserRecord } from '../../users/index.js';

interface LinkRow {
  readonly tenant_id: string;
  readonly user_id: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly expired: boolean;
  readonly opened: boolean;
  readonly delivery_id: string | null;
}

const NO_LINK = { sentAt: null, expiresAt: null, reply: null, advice: null } as const;

/** Shows users with what became of their invitations. */
export class InvitationViews {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SystemMails) private readonly mails: SystemMails,
  ) {}

  async of(users: readonly UserRecord[]): Promise<User[]> {
    const waiting = users.filter(({ activatedAt }) => activatedAt === null).map(({ id }) => id);
    const links = await this.database.query<LinkRow>(NEWEST, [waiting]);
    const mails = await this.#mailsOf(links);
    const byUser = new Map(links.map((link) => [link.user_id, invitationOf(link, mails.get(link.delivery_id ?? ''))]));
    return users.map((user) => ({ ...user, invitation: byUser.get(user.id) ?? withoutLink(user) }));
  }

  /** The users of a list are of one tenant. */
  async #mailsOf(links: readonly LinkRow[]): Promise<ReadonlyMap<string, SystemMailState>> {
    const ids = links.flatMap(({ delivery_id: id }) => (id === null ? [] : [id]));
    const [tenantId] = links.map((link) => link.tenant_id);
    return tenantId === undefined ? new Map() : this.mails.states(this.database, tenantId, ids);
  }
}

const invitationOf = (link: LinkRow, mail: SystemMailState | undefined): Invitation => ({
  state: stateOf(link, mail),
  sentAt: link.created_at.getTime(),
  expiresAt: link.expires_at.getTime(),
  reply: mail?.reply ?? null,
  advice: mail?.failure?.message ?? null,
});

const withoutLink = ({ activatedAt }: UserRecord): Invitation => ({
  ...NO_LINK,
  state: activatedAt === null ? 'not-sent' : 'activated',
});

/** What the person did with a link that still works says more than what a mail server said. */
function stateOf({ expired, opened }: LinkRow, mail: SystemMailState | undefined): Invitation['state'] {
  if (expired) return 'expired';
  if (opened) return 'opened';
  if (mail === undefined) return 'not-sent';
  if (mail.state === 'waiting' || mail.state === 'sending') return 'queued';
  return mail.state === 'accepted' ? 'accepted' : 'refused';
}

const NEWEST = `
  SELECT DISTINCT ON (l.user_id) l.tenant_id, l.user_id, l.created_at, l.expires_at, l.expires_at <= now() AS expired, l.delivery_id,
    EXISTS (SELECT 1 FROM account_link o WHERE o.tenant_id = l.tenant_id AND o.user_id = l.user_id
      AND o.purpose = 'activation' AND o.opened_at IS NOT NULL AND o.expires_at > now()) AS opened
  FROM account_link l JOIN user_account u ON u.tenant_id = l.tenant_id AND u.id = l.user_id
  WHERE u.id = ANY ($1::uuid[]) AND l.purpose = 'activation'
  ORDER BY l.user_id, l.created_at DESC`;
