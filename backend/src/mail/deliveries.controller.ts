import { Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  deliveryCountsSchema,
  deliveryDetailSchema,
  deliveryPageSchema,
  deliveryQuerySchema,
  idSchema,
  type DeliveryCounts,
  type DeliveryDetail,
  type DeliveryQuery,
  type DeliverySummary,
  type Page,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, TENANT_STAFF, type Actor, type Principal } from '../access/index.js';
import { Answers, ProblemError } from '../http/index.js';
import { MailLog } from './outbox/mail-log.js';

/** The mail log of who asks: of the tenant, or of the system's own mails. */
@Controller('api/mail/deliveries')
@Access('system-administrator', ...TENANT_STAFF)
export class DeliveriesController {
  constructor(@Inject(MailLog) private readonly log: MailLog) {}

  @Get()
  @Answers(deliveryPageSchema)
  listDeliveries(
    @Query({ schema: deliveryQuerySchema }) query: DeliveryQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<Page<DeliverySummary>> {
    return this.log.list(tenantId, query);
  }

  @Get('counts')
  @Answers(deliveryCountsSchema)
  countDeliveries(@CurrentPrincipal() { tenantId }: Principal): Promise<DeliveryCounts> {
    return this.log.counts(tenantId);
  }

  @Get(':id')
  @Answers(deliveryDetailSchema)
  async getDelivery(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<DeliveryDetail> {
    const found = await this.log.read(tenantId, id);
    if (found === null) throw new ProblemError('not-found');
    return found;
  }

  @Post(':id/cancel')
  @Access('system-administrator', 'tenant-administrator')
  @Answers(deliveryDetailSchema)
  async cancelDelivery(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<DeliveryDetail> {
    return this.#answer(await this.log.cancel(principal.tenantId, id, actor), id, principal);
  }

  @Post(':id/retry')
  @Access('system-administrator', 'tenant-administrator')
  @Answers(deliveryDetailSchema)
  async retryDelivery(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<DeliveryDetail> {
    return this.#answer(await this.log.retry(principal.tenantId, id, actor), id, principal);
  }

  async #answer(done: boolean, id: string, principal: Principal): Promise<DeliveryDetail> {
    const delivery = await this.getDelivery(id, principal);
    if (!done) throw new ProblemError('delivery-state', { detail: `It is "${delivery.state}".` });
    return delivery;
  }
}
