import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { alarmSchema, type AlarmView, idParamSchema, type MuteAlarm, muteAlarmSchema } from '@signalpost/contracts';

import { Access, type Actor, CurrentActor, CurrentPrincipal, type Principal, TENANT_STAFF } from '../access/index.js';
import { Answers } from '../http/index.js';
import { AlarmMutes } from './alarm-mutes.js';

/** A mute silences everybody's mails, so customer users are not asked. */
@Controller('api/alarms/:id')
@Access(...TENANT_STAFF)
export class AlarmMutesController {
  constructor(@Inject(AlarmMutes) private readonly mutes: AlarmMutes) {}

  @Post('mute')
  @Answers(alarmSchema)
  muteAlarm(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Body({ schema: muteAlarmSchema }) wish: MuteAlarm,
    @CurrentActor() actor: Actor,
  ): Promise<AlarmView> {
    return this.mutes.mute(principal, id, wish, actor);
  }

  @Post('unmute')
  @Answers(alarmSchema)
  unmuteAlarm(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @CurrentActor() actor: Actor,
  ): Promise<AlarmView> {
    return this.mutes.unmute(principal, id, actor);
  }
}
