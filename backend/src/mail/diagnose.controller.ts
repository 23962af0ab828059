import { Body, Controller, HttpCode, Inject, Param, Post, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  DOCTOR_MEDIA_TYPE,
  diagnoseRequestSchema,
  doctorEventSchema,
  idSchema,
  testMailRequestSchema,
  testMailResultSchema,
  unsavedDiagnoseRequestSchema,
  unsavedTestMailRequestSchema,
  type DiagnoseRequest,
  type TestMailRequest,
  type TestMailResult,
  type UnsavedDiagnoseRequest,
  type UnsavedTestMailRequest,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../access/index.js';
import { Audit } from '../audit/index.js';
import { Database } from '../db/index.js';
import { Answers, LOG, ProblemError, type Log } from '../http/index.js';
import { EgressGuard, GuardedFetch } from '../net/index.js';
import { DoctorLimits } from './diagnose/doctor-limits.js';
import { Doctor } from './diagnose/doctor.js';
import { lint } from './diagnose/lint.js';
import { NdjsonAnswer } from './diagnose/ndjson.js';
import { reachedBy, targetOfRoute } from './diagnose/target-of-route.js';
import { TestMail, type Tried } from './diagnose/test-mail.js';
import { UnsavedRoutes } from './diagnose/unsaved-routes.js';
import { MailRoutes, type MailRoute } from './servers/mail-route.js';
import { MailServers } from './servers/mail-servers.js';

/** Tries a mail server of who asks, as it is saved or as it stands in the form: of the tenant, or of the system. */
@Controller('api/mail')
@Access('system-administrator', 'tenant-administrator')
export class DiagnoseController implements OnModuleDestroy {
  readonly #answers = new Set<NdjsonAnswer>();

  constructor(
    @Inject(MailRoutes) private readonly routes: MailRoutes,
    @Inject(UnsavedRoutes) private readonly unsaved: UnsavedRoutes,
    @Inject(MailServers) private readonly servers: MailServers,
    @Inject(Database) private readonly db: Database,
    @Inject(EgressGuard) private readonly egress: EgressGuard,
    @Inject(GuardedFetch) private readonly http: GuardedFetch,
    @Inject(Doctor) private readonly doctor: Doctor,
    @Inject(DoctorLimits) private readonly limits: DoctorLimits,
    @Inject(TestMail) private readonly testMail: TestMail,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Steps come as they end, a line each; nothing is sent. */
  @Post('servers/:id/diagnose')
  @HttpCode(200)
  @ApiProduces(DOCTOR_MEDIA_TYPE)
  @ApiResponse({ status: 200, description: 'A line for each event', standardSchema: doctorEventSchema })
  async diagnoseMailServer(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: diagnoseRequestSchema }) { recipient }: DiagnoseRequest,
    @CurrentPrincipal() { tenantId }: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#diagnose(await this.#route(tenantId, id), recipient, reply);
  }

  /** As above, for settings that are not saved. */
  @Post('diagnose')
  @HttpCode(200)
  @ApiProduces(DOCTOR_MEDIA_TYPE)
  @ApiResponse({ status: 200, description: 'A line for each event', standardSchema: doctorEventSchema })
  async diagnoseUnsavedMailServer(
    @Body({ schema: unsavedDiagnoseRequestSchema }) { recipient, ...unsaved }: UnsavedDiagnoseRequest,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#diagnose(await this.unsaved.routeOf(tenantId, unsaved, by), recipient, reply);
  }

  /** Sends one mail at once, past the outbox, and tells what the server said. */
  @Post('servers/:id/test-mail')
  @Answers(testMailResultSchema)
  async sendTestMail(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: testMailRequestSchema }) { recipient }: TestMailRequest,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
  ): Promise<TestMailResult> {
    const { name } = await this.servers.get(this.db, tenantId, id);
    const tried = { route: await this.#route(tenantId, id), serverName: name, saved: true };
    return this.#test(tried, recipient, { ...by, tenantId }, { id, name });
  }

  /** As above, for settings that are not saved. */
  @Post('test-mail')
  @Answers(testMailResultSchema)
  async sendUnsavedTestMail(
    @Body({ schema: unsavedTestMailRequestSchema }) { recipient, ...unsaved }: UnsavedTestMailRequest,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
  ): Promise<TestMailResult> {
    const route = await this.unsaved.routeOf(tenantId, unsaved, by);
    const { serverId } = unsaved;
    const name = serverId === undefined ? 'new' : (await this.servers.get(this.db, tenantId, serverId)).name;
    const tried = { route, serverName: `${name}, not saved`, saved: false };
    return this.#test(tried, recipient, { ...by, tenantId }, { id: serverId ?? null, name });
  }

  /** A visit may take minutes; the end of the program does not wait for that. */
  onModuleDestroy(): void {
    for (const answer of this.#answers) answer.abort();
  }

  async #diagnose(route: MailRoute, recipient: string | undefined, reply: FastifyReply): Promise<void> {
    const leave = this.#enter(route);
    reply.hijack();
    const answer = new NdjsonAnswer(reply.raw);
    this.#answers.add(answer);
    answer.open(reply.getHeaders());
    try {
      await this.#visit(route, recipient, answer);
    } catch (error) {
      this.log.error({ err: error }, 'The connection doctor failed');
      answer.write({ kind: 'problem', detail: 'Something went wrong inside Signalpost; try again.' });
    } finally {
      leave();
      this.#answers.delete(answer);
      answer.close();
    }
  }

  async #visit(route: MailRoute, recipient: string | undefined, answer: NdjsonAnswer): Promise<void> {
    const findings = route.sandbox ? [] : lint(route.settings);
    answer.write({ kind: 'findings', findings });
    const target = targetOfRoute(route, { egress: this.egress, http: this.http }, recipient);
    const examination = await this.doctor.run(target, (step) => answer.write({ kind: 'step', step }), answer.gone);
    answer.write({ kind: 'report', report: { ...examination, findings } });
  }

  /** A mail leaves: it is written down who let it. */
  async #test(
    tried: Tried,
    recipient: string,
    by: Actor & { readonly tenantId: string },
    server: { readonly id: string | null; readonly name: string },
  ): Promise<TestMailResult> {
    const leave = this.#enter(tried.route);
    try {
      const entity = { type: 'mail-server', ...server } as const;
      const changes = [{ field: 'recipient', before: null, after: recipient }];
      await this.db.transaction((uow) => Audit.record(uow, { ...by, action: 'mail-server.tested', entity, changes }));
      return await this.testMail.send(tried, recipient);
    } finally {
      leave();
    }
  }

  async #route(tenantId: string, id: string): Promise<MailRoute> {
    const route = await this.routes.resolve(this.db, { tenantId, id }).catch((error: unknown) => {
      this.log.error({ err: error }, 'The settings of a mail server cannot be used');
      throw new ProblemError('mail-server-unusable');
    });
    if (route === null) throw new ProblemError('not-found');
    return route;
  }

  #enter(route: MailRoute): () => void {
    const { host, port } = reachedBy(route);
    const admission = this.limits.enter(route.server.tenantId, host, port);
    if (admission.ok) return admission.leave;
    const { detail, retryAfterSeconds } = admission;
    throw new ProblemError('too-many-requests', { detail, retryAfterSeconds });
  }
}
