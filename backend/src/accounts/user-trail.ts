import { Inject } from '@nestjs/common';
import type { AuditChange } from '@signalpost/contracts';

import type { Actor } from '../access/index.js';
import { Audit, type AuditRecord } from '../audit/index.js';
import type { UnitOfWork } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import type { UserRecord } from '../users/index.js';
import type { Client } from './client.js';

/** What can happen to a user, by the audit's catalogue. */
export type UserAction = Extract<AuditRecord, { readonly entity: { readonly type: 'user' } }>['action'];

/** Whom it happens to. */
export type UserRef = Pick<UserRecord, 'id' | 'email'> & { readonly tenant: Pick<UserRecord['tenant'], 'id'> };

/** Writes down what happens to a user, and tells open pages after the commit. */
export class UserTrail {
  constructor(@Inject(EventBus) private readonly events: EventBus) {}

  async note(
    uow: UnitOfWork,
    { id, email, tenant }: UserRef,
    action: UserAction,
    actor: Actor,
    changes: readonly AuditChange[] = [],
  ): Promise<void> {
    const entity = { type: 'user', id, name: email } as const;
    await Audit.record(uow, { ...actor, tenantId: tenant.id, action, entity, changes });
    uow.afterCommit(() => this.events.publish(tenant.id, 'users', action.slice('user.'.length), id));
  }
}

/** Who acts without a session, and is yet certain: by the right password, or by a link of the own mailbox. */
export const oneself = (
  { id, email }: Pick<UserRecord, 'id' | 'email'>,
  { address }: Pick<Client, 'address'>,
): Actor => ({
  actor: { kind: 'user', userId: id, email },
  source: address,
});

/** Somebody who is not signed in. */
export const somebody = (source: string | null): Actor => ({
  actor: { kind: 'anonymous' },
  ...(source === null ? {} : { source }),
});
