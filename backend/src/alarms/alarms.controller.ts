import { Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  type AlarmCounts,
  alarmCountsSchema,
  alarmPageSchema,
  type AlarmQuery,
  alarmQuerySchema,
  alarmSchema,
  type AlarmView,
  idParamSchema,
  type Page,
} from '@signalpost/contracts';

import { Access, type Actor, CurrentActor, CurrentPrincipal, type Principal, TENANT_ROLES } from '../access/index.js';
import { Answers } from '../http/index.js';
import { Alarms } from './alarms.js';

@Controller('api/alarms')
@Access(...TENANT_ROLES)
export class AlarmsController {
  constructor(@Inject(Alarms) private readonly alarms: Alarms) {}

  @Get()
  @Answers(alarmPageSchema)
  listAlarms(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: alarmQuerySchema }) query: AlarmQuery,
  ): Promise<Page<AlarmView>> {
    return this.alarms.list(principal, query);
  }

  @Get('counts')
  @Answers(alarmCountsSchema)
  countAlarms(@CurrentPrincipal() principal: Principal): Promise<AlarmCounts> {
    return this.alarms.counts(principal);
  }

  @Get(':id')
  @Answers(alarmSchema)
  getAlarm(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<AlarmView> {
    return this.alarms.get(principal, id);
  }

  @Post(':id/acknowledge')
  @Answers(alarmSchema)
  acknowledgeAlarm(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @CurrentActor() actor: Actor,
  ): Promise<AlarmView> {
    return this.alarms.acknowledge(principal, id, actor);
  }

  @Post(':id/clear')
  @Access('tenant-administrator', 'customer-user')
  @Answers(alarmSchema)
  clearAlarm(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @CurrentActor() actor: Actor,
  ): Promise<AlarmView> {
    return this.alarms.clear(principal, id, actor);
  }
}
