import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Access } from '../../access/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { refuseScrape } from './may-scrape.js';
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
    @Inject(CONFIG) private readonly config: Pick<Config, 'metricsToken'>,
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

  /** @throws ProblemError for whoever may not read them */
  @Get('metrics')
  async scrape(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseScrape(request, this.config.metricsToken);
    const text = await this.metrics.registry.metrics();
    await reply.type(this.metrics.registry.contentType).send(text);
  }
}
