import { Body, Controller, Delete, Get, Inject, Param, Put } from '@nestjs/common';
import {
  attributeParamSchema,
  type Attributes,
  attributeScopeParamSchema,
  type AttributeValues,
  attributeValuesSchema,
  attributesSchema,
  idParamSchema,
  type LatestTelemetry,
  latestTelemetrySchema,
} from '@signalpost/contracts';

import type { z } from 'zod';

import { Access, type Actor, CurrentActor, CurrentPrincipal, type Principal, TENANT_ROLES } from '../access/index.js';
import { Answers, AnswersNothing } from '../http/index.js';
import { AttributeEdits } from './attribute-edits.js';
import { DeviceValues } from './device-values.js';

@Controller('api/devices/:id')
@Access(...TENANT_ROLES)
export class DeviceValuesController {
  constructor(
    @Inject(DeviceValues) private readonly values: DeviceValues,
    @Inject(AttributeEdits) private readonly edits: AttributeEdits,
  ) {}

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

  /** Other attributes stay. Changed shared ones are told to the device. */
  @Put('attributes/:scope')
  @Access('tenant-administrator')
  @AnswersNothing()
  saveDeviceAttributes(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: attributeScopeParamSchema }) place: z.infer<typeof attributeScopeParamSchema>,
    @Body({ schema: attributeValuesSchema }) values: AttributeValues,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.edits.save(principal, place, values, actor);
  }

  @Delete('attributes/:scope/:key')
  @Access('tenant-administrator')
  @AnswersNothing()
  deleteDeviceAttribute(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: attributeParamSchema }) { key, ...place }: z.infer<typeof attributeParamSchema>,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.edits.remove(principal, place, key, actor);
  }
}
