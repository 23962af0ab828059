import { Body, Controller, HttpCode, Inject, Param, Post, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  DOCTOR_MEDIA_TYPE,
  diagnoseRequestSchema,
  doctorEventSchema,
  idSchema,
  testMailRequestSchema,
  testMailResultSchema,
  type DiagnoseRequest,
  type TestMailRequest,
  type TestMailResult,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';

import { Access, CurrentPrincipal, type Principal } from '../access/index.js';
import { Database } from '../db/index.js';
import { Answers, LOG, ProblemError, type Log } from '../http/index.js';
import { EgressGuard } from '../net/index.js';
import { DoctorLimits } from './diagnose/doctor-limits.js';
import { Doctor } from './diagnose/doctor.js';
import { lint } from './diagnose/lint.js';
import { NdjsonAnswer } from './diagnose/ndjson.js';
import { targetOfRoute } from './diagnose/target-of-route.js';
import { TestMail } from './diagnose/test-mail.js';
import { portOf } from './servers/check-settings.js';
import { MailRoutes, type MailRoute } from './servers/mail-route.js';
import { MailServers } from './servers/mail-servers.js';

/** Tries a mail server of who asks: of the tenant, or of the system. */
@Controller('api/mail/servers')
@Access('system-administrator', 'tenant-administrator')
export class DiagnoseController implements OnModuleDestroy {
  readonly #answers = new Set<NdjsonAnswer>();

  constructor(
    @Inject(MailRoutes) private readonly routes: MailRoutes,
    @Inject(MailServers) private readonly servers: MailServers,
    @Inject(Database) private readonly db: Database,
    @Inject(EgressGuard) private readonly egress: EgressGuard,
    @Inject(Doctor) private readonly doctor: Doctor,
    @Inject(DoctorLimits) private readonly limits: DoctorLimits,
    @Inject(TestMail) private readonly testMail: TestMail,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Steps come as they end, a line each; nothing is sent. */
  @Post(':id/diagnose')
  @HttpCode(200)
  @ApiProduces(DOCTOR_MEDIA_TYPE)
  @ApiResponse({ status: 200, description: 'A line for each event', standardSchema: doctorEventSchema })
  async diagnoseMailServer(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: diagnoseRequestSchema }) { recipient }: DiagnoseRequest,
    @CurrentPrincipal() principal: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const route = await this.#route(principal.tenantId, id);
    const leave = this.#enter(principal.tenantId, route);
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

  /** Sends one mail at once, past the outbox, and tells what the server said. */
  @Post(':id/test-mail')
  @Answers(testMailResultSchema)
  async sendTestMail(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: testMailRequestSchema }) { recipient }: TestMailRequest,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<TestMailResult> {
    const route = await this.#route(tenantId, id);
    const leave = this.#enter(tenantId, route);
    try {
      const servers = await this.servers.list(this.db, tenantId);
      return await this.testMail.send(route, servers.find((server) => server.id === id)?.name ?? '', recipient);
    } finally {
      leave();
    }
  }

  /** A visit may take minutes; the end of the program does not wait for that. */
  onModuleDestroy(): void {
    for (const answer of this.#answers) answer.abort();
  }

  async #visit(route: MailRoute, recipient: string | undefined, answer: NdjsonAnswer): Promise<void> {
    const findings = route.sandbox ? [] : lint(route.settings);
    answer.write({ kind: 'findings', findings });
    const target = targetOfRoute(route, this.egress, recipient);
    const examination = await this.doctor.run(target, (step) => answer.write({ kind: 'step', step }), answer.gone);
    answer.write({ kind: 'report', report: { ...examination, findings } });
  }

  async #route(tenantId: string, id: string): Promise<MailRoute> {
    const route = await this.routes.resolve(this.db, { tenantId, id }).catch((error: unknown) => {
      this.log.error({ err: error }, 'The settings of a mail server cannot be used');
      throw new ProblemError('mail-server-unusable');
    });
    if (route === null) throw new ProblemError('not-found');
    return route;
  }

  #enter(tenantId: string, { settings: smtp }: MailRoute): () => void {
    const admission = this.limits.enter(tenantId, smtp.host, portOf(smtp));
    if (admission.ok) return admission.leave;
    const { detail, retryAfterSeconds } = admission;
    throw new ProblemError('too-many-requests', { detail, retryAfterSeconds });
  }
}
