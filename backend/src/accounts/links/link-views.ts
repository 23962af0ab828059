import { Inject } from '@nestjs/common';
import type { LinkView } from '@signalpost/contracts';

import { Database } from '../../db/index.js';
import { EventBus } from '../../http/events/index.js';
import { ProblemError } from '../../http/index.js';
import { languageOf, Users } from '../../users/index.js';
import { AccountLinks } from './account-links.js';

/** Tells the page of a link whom it is for. Looking changes nothing: mail scanners look, too. */
export class LinkViews {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AccountLinks) private readonly links: AccountLinks,
    @Inject(Users) private readonly users: Users,
    @Inject(EventBus) private readonly events: EventBus,
  ) {}

  /** @throws ProblemError `link-expired`, `link-invalid` */
  async look(token: string): Promise<LinkView> {
    const { purpose, address, expiresAt, userId, tenantId } = await this.links.look(this.database, token);
    const user = await this.users.findById(this.database, userId);
    if (user === undefined) throw new ProblemError('link-invalid');
    if (purpose === 'activation') this.events.publish(tenantId, 'users', 'opened', userId);
    const { name, tenant } = user;
    return {
      ...{ purpose, name, tenant: { name: tenant.name } },
      email: address ?? user.email,
      language: languageOf(user),
      expiresAt: expiresAt.getTime(),
    };
  }
}
