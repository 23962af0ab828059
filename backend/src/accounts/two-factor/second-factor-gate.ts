import { Inject } from '@nestjs/common';
import type {
  Enrolled,
  Enrolment,
  SecondFactorNeeded,
  SecondFactorProof,
  SecondFactorWay,
  Session,
  SignInAnswer,
} from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Database, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { Users, type UserRecord } from '../../users/index.js';
import { AccountMails } from '../account-mails.js';
import { Admission } from '../admission.js';
import { enrolmentOf } from './enrolment.js';
import { noteTwoFactor } from './note-two-factor.js';
import type { Owner } from './owner.js';
import { PendingCookie } from './pending-cookie.js';
import { PendingSignIns, type PendingSignIn } from './pending-sign-ins.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactorLimits } from './second-factor-limits.js';
import { SignInPolicies } from './sign-in-policies.js';
import { TwoFactorNews } from './two-factor-news.js';
import { TwoFactors } from './two-factors.js';

/** The step behind the password: lets people in, or asks for what they have besides it. */
export class SecondFactorGate {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(TwoFactors) private readonly factors: TwoFactors,
    @Inject(RecoveryCodes) private readonly recovery: RecoveryCodes,
    @Inject(SignInPolicies) private readonly policies: SignInPolicies,
    @Inject(PendingSignIns) private readonly pending: PendingSignIns,
    @Inject(PendingCookie) private readonly cookie: PendingCookie,
    @Inject(SecondFactorLimits) private readonly limits: SecondFactorLimits,
    @Inject(AccountMails) private readonly mails: AccountMails,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(TwoFactorNews) private readonly news: TwoFactorNews,
  ) {}

  async enter(owner: Owner, request: FastifyRequest, reply: FastifyReply): Promise<SignInAnswer> {
    const user = await this.#user(owner);
    const ways = await this.#waysOf(owner);
    const enrol = ways.length === 0 && (await this.policies.requires(owner.tenantId, user.role));
    if (ways.length === 0 && !enrol) return this.admission.admit(owner, request, reply);
    const { token, expiresAt } = await this.pending.create(owner);
    this.cookie.set(reply, token);
    return view(user, ways, enrol, expiresAt);
  }

  /** For a page that was loaded again. @throws ProblemError `sign-in-pending-expired` */
  async look(request: FastifyRequest): Promise<SecondFactorNeeded> {
    const pending = await this.pending.get(this.cookie.of(request));
    const ways = await this.#waysOf(pending);
    return view(await this.#user(pending), ways, ways.length === 0, pending.expiresAt);
  }

  /** @throws ProblemError `sign-in-pending-expired`, `second-factor-failed`, `too-many-requests` */
  async prove({ way, code }: SecondFactorProof, request: FastifyRequest, reply: FastifyReply): Promise<Session> {
    const pending = await this.#countedTry(request);
    const right = await this.database.transaction(async (uow) => {
      const used = (await this.#waysOf(pending)).includes(way) && (await this.#use(uow, way, code, pending, request));
      if (used) await this.pending.end(uow, this.cookie.of(request));
      return used;
    });
    if (!right) await this.#refuse(pending, request);
    return this.#admit(pending, request, reply);
  }

  /** @throws ProblemError `sign-in-pending-expired`, `too-many-requests`, `forbidden` */
  async sendCode(request: FastifyRequest): Promise<void> {
    const pending = await this.pending.get(this.cookie.of(request));
    if (!(await this.#waysOf(pending)).includes('email')) throw new ProblemError('forbidden');
    await this.limits.countMail(pending);
    const user = await this.#user(pending);
    await this.database.transaction(async (uow) => {
      const code = await this.pending.newCode(uow, this.cookie.of(request));
      await this.mails.signInCode(uow, user, code, pending.expiresAt);
    });
  }

  /** Of somebody who needs a second factor and has none. @throws ProblemError `sign-in-pending-expired`, `forbidden` */
  async beginEnrolment(request: FastifyRequest): Promise<Enrolment> {
    const pending = await this.#withoutFactor(request);
    const user = await this.#user(pending);
    return enrolmentOf(await this.database.transaction((uow) => this.factors.begin(uow, pending)), user.email);
  }

  /** @throws ProblemError `sign-in-pending-expired`, `second-factor-failed`, `too-many-requests`, `forbidden` */
  async confirmEnrolment(code: string, request: FastifyRequest, reply: FastifyReply): Promise<Enrolled> {
    await this.#withoutFactor(request);
    const pending = await this.#countedTry(request);
    const recoveryCodes = await this.database.transaction(async (uow) => {
      if (!(await this.factors.confirm(uow, pending, code))) return null;
      await this.pending.end(uow, this.cookie.of(request));
      await this.news.enabled(uow, await this.#user(pending), request.ip, 'app');
      return this.recovery.renew(uow, pending);
    });
    if (recoveryCodes === null) return this.#refuse(pending, request);
    return { recoveryCodes, session: await this.#admit(pending, request, reply) };
  }

  async #admit(pending: PendingSignIn, request: FastifyRequest, reply: FastifyReply): Promise<Session> {
    await this.limits.forgive(pending, request.ip);
    this.cookie.clear(reply);
    return this.admission.admit(pending, request, reply);
  }

  async #countedTry(request: FastifyRequest): Promise<PendingSignIn> {
    const token = this.cookie.of(request);
    const pending = await this.pending.get(token);
    await this.limits.count(pending, request.ip);
    await this.pending.countTry(token);
    return pending;
  }

  async #use(
    uow: UnitOfWork,
    way: SecondFactorWay,
    code: string,
    owner: Owner,
    request: FastifyRequest,
  ): Promise<boolean> {
    if (way === 'totp') return this.factors.useCode(uow, owner, code);
    if (way === 'email') return this.pending.useCode(uow, this.cookie.of(request), code);
    const used = await this.recovery.use(uow, owner, code);
    if (used) await noteTwoFactor(uow, await this.#user(owner), 'user.recovery-code-used', request.ip);
    return used;
  }

  async #refuse(owner: Owner, request: FastifyRequest): Promise<never> {
    const user = await this.#user(owner);
    await this.database.transaction((uow) => noteTwoFactor(uow, user, 'user.two-factor-failed', request.ip));
    throw new ProblemError('second-factor-failed');
  }

  /** Whoever has a factor already proves that one first: a password alone replaces nothing. */
  async #withoutFactor(request: FastifyRequest): Promise<PendingSignIn> {
    const pending = await this.pending.get(this.cookie.of(request));
    if ((await this.#waysOf(pending)).length > 0) throw new ProblemError('forbidden');
    return pending;
  }

  async #waysOf(owner: Owner): Promise<SecondFactorWay[]> {
    const { totpSince, emailCodes } = await this.factors.of(owner);
    const ways: SecondFactorWay[] = [
      ...(totpSince === null ? [] : ['totp' as const]),
      ...(emailCodes ? ['email' as const] : []),
    ];
    return ways.length > 0 && (await this.recovery.left(owner)) > 0 ? [...ways, 'recovery-code'] : ways;
  }

  async #user({ userId }: Owner): Promise<UserRecord> {
    const user = await this.users.findById(this.database, userId);
    if (user?.active !== true) throw new ProblemError('sign-in-pending-expired');
    return user;
  }
}

function view({ email }: UserRecord, ways: SecondFactorWay[], enrol: boolean, expiresAt: number): SecondFactorNeeded {
  return { secondFactor: { ways, enrol, email: shortened(email), expiresAt } };
}

/** Enough to know one's own address by: `a•••@example.org`. */
const shortened = (email: string): string => email.replace(/^(.).*(@[^@]*)$/, '$1•••$2');
