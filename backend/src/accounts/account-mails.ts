import { Inject } from '@nestjs/common';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { CLOCK, type Clock, type UnitOfWork } from '../db/index.js';
import { SystemMails, type SystemMailVariables } from '../mail/index.js';
import { languageOf, type UserRecord } from '../users/index.js';
import type { Client } from './client.js';
import { AccountLinks, type NewLink } from './links/account-links.js';

/** Nobody is waiting for these with a page open; the rest of what is sent carries a link, whose end is the end of its use. */
type News = 'account-activated' | 'password-changed' | 'new-sign-in' | 'sign-in-code' | SecondFactorNews;
type SecondFactorNews = 'two-factor-enabled' | 'two-factor-disabled' | 'two-factor-removed' | 'recovery-codes-renewed';
type WithLink = 'activation' | 'password-reset' | 'address-confirmation' | 'address-changed' | 'account-locked';

/** Every mail about one's own account, in the language of the person, through the system's lane of the outbox. */
export class AccountMails {
  constructor(
    @Inject(SystemMails) private readonly mails: SystemMails,
    @Inject(AccountLinks) private readonly links: AccountLinks,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async invitation(uow: UnitOfWork, user: UserRecord, inviterName: string | null): Promise<void> {
    const link = await this.links.create(uow, { purpose: 'activation', ...idsOf(user) });
    const variables = { ...linkOf(link), tenantName: tenantNameOf(user), inviterName };
    await this.#sendLink(uow, user, link, 'activation', variables);
  }

  async passwordReset(uow: UnitOfWork, user: UserRecord, source: string | null): Promise<void> {
    const link = await this.links.create(uow, { purpose: 'password-reset', ...idsOf(user) });
    await this.#sendLink(uow, user, link, 'password-reset', { ...linkOf(link), source });
  }

  /** To the new address. */
  async addressConfirmation(uow: UnitOfWork, user: UserRecord, address: string): Promise<void> {
    const link = await this.links.create(uow, { purpose: 'address-confirmation', address, ...idsOf(user) });
    await this.#sendLink(uow, { ...user, email: address }, link, 'address-confirmation', {
      ...linkOf(link),
      newAddress: address,
    });
  }

  /** To the old address, with the way back. @param user as before the change */
  async addressChanged(uow: UnitOfWork, user: UserRecord, newAddress: string): Promise<void> {
    const link = await this.links.create(uow, { purpose: 'address-undo', address: user.email, ...idsOf(user) });
    await this.#sendLink(uow, user, link, 'address-changed', { ...linkOf(link), newAddress, at: this.clock.now() });
  }

  async locked(uow: UnitOfWork, user: UserRecord, attempts: number, until: number, source: string): Promise<void> {
    const link = await this.links.create(uow, { purpose: 'unlock', ...idsOf(user) });
    await this.#sendLink(uow, user, link, 'account-locked', { link: link.url, attempts, until, source });
  }

  async activated(uow: UnitOfWork, user: UserRecord): Promise<void> {
    const variables = { link: `${this.config.publicUrl}/sign-in`, tenantName: tenantNameOf(user) };
    await this.#send(uow, user, 'account-activated', variables);
  }

  async passwordChanged(uow: UnitOfWork, user: UserRecord, source: string): Promise<void> {
    const variables = { at: this.clock.now(), source, link: `${this.config.publicUrl}/forgot-password` };
    await this.#send(uow, user, 'password-changed', variables);
  }

  async signInCode(uow: UnitOfWork, user: UserRecord, code: string, expiresAt: number): Promise<void> {
    await this.#send(uow, user, 'sign-in-code', { code, expiresAt }, expiresAt);
  }

  async newSignIn(uow: UnitOfWork, user: UserRecord, { address, userAgent }: Client): Promise<void> {
    const variables = {
      at: this.clock.now(),
      source: address,
      device: userAgent,
      link: `${this.config.publicUrl}/account`,
    };
    await this.#send(uow, user, 'new-sign-in', variables);
  }

  /** What became of the second factor. @param variables besides when it was, and the page that shows it */
  async secondFactor<Id extends SecondFactorNews>(
    uow: UnitOfWork,
    user: UserRecord,
    template: Id,
    variables: Omit<SystemMailVariables<Id>, 'at' | 'link'>,
  ): Promise<void> {
    const when = { at: this.clock.now(), link: `${this.config.publicUrl}/account/security` };
    await this.#send(uow, user, template, { ...variables, ...when } as SystemMailVariables<Id>); // what was left out is put in
  }

  async #sendLink<Id extends WithLink>(
    uow: UnitOfWork,
    user: UserRecord,
    link: NewLink,
    template: Id,
    variables: SystemMailVariables<Id>,
  ): Promise<void> {
    await this.links.sentWith(uow, link, await this.#send(uow, user, template, variables, link.expiresAt));
  }

  #send<Id extends News | WithLink>(
    uow: UnitOfWork,
    user: UserRecord,
    template: Id,
    variables: SystemMailVariables<Id>,
    expiresAt?: number,
  ): Promise<string> {
    const { tenant, email, name, timeZone } = user;
    const to = { address: email, name, timeZone, language: languageOf(user) };
    const times = expiresAt === undefined ? {} : { expiresAt };
    return this.mails.enqueue(uow, {
      tenantId: tenant.id,
      template,
      to,
      variables,
      about: { userId: user.id },
      ...times,
    });
  }
}

const idsOf = (user: UserRecord) => ({ tenantId: user.tenant.id, userId: user.id });
const linkOf = ({ url, expiresAt }: NewLink) => ({ link: url, expiresAt });
/** The system scope's name says nothing to a person. */
const tenantNameOf = ({ tenant }: UserRecord): string | null => (tenant.id === SYSTEM_TENANT_ID ? null : tenant.name);
