import { Controller, Get, Inject, Param } from '@nestjs/common';
import {
  type Attributes,
  attributesSchema,
  idParamSchema,
  type LatestTelemetry,
  latestTelemetrySchema,
} from '@signalpost/contracts';

import { Access, CurrentPrincipal, type Principal, TENANT_ROLES } from '../access/index.js';
import { Answers } from '../http/index.js';
import { DeviceValues } from './device-values.js';

@Controller('api/devices/:id')
@Access(...TENANT_ROLES)
export class DeviceValuesController {
  constructor(@Inject(DeviceValues) private readonly values: DeviceValues) {}

  @Get('telemetry/latest')
  @Answers(latestTelemetrySchema)
  getLatestTelemetry(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<LatestTelemetry> {
    return this.values.latest(principal, id);
  }

  @Get('attributes')
  @Answers(attributesSchema)
  getDeviceAttributes(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<Attributes> {
    return this.values.attributes(principal, id);
  }
}
