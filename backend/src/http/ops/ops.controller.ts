import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Access } from '../../access/index.js';
import { Metrics } from './metrics.js';
import { READY, Readiness } from './readiness.js';

/** For load balancers, orchestrators and Prometheus; not part of the API that openapi.json describes. */
@ApiExcludeController()
@Access('public')
@Controller()
export class OpsController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  /** The process runs. */
  @Get('health/live')
  live(): { status: string } {
    return { status: READY };
  }

  /** The process can do its work: 200, else 503, with the outcome of each check. */
  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const checks = await this.readiness.check();
    const ready = [...checks.values()].every((outcome) => outcome === READY);
    await reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? READY : 'unavailable', checks: Object.fromEntries(checks) });
  }

  @Get('metrics')
  async scrape(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.metrics.registry.metrics();
    await reply.type(this.metrics.registry.contentType).send(text);
  }
}
