import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  createdDeviceSchema,
  devicePageSchema,
  deviceQuerySchema,
  deviceSchema,
  idSchema,
  newDeviceSchema,
  renewedAccessTokenSchema,
  type CreatedDevice,
  type Device,
  type DeviceQuery,
  type NewDevice,
  type Page,
  type RenewedAccessToken,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, TENANT_ROLES, type Actor, type Principal } from '../access/index.js';
import { Answers, AnswersNothing } from '../http/index.js';
import { Devices } from './devices.js';

@Controller('api/devices')
@Access('tenant-administrator')
export class DevicesController {
  constructor(@Inject(Devices) private readonly devices: Devices) {}

  @Get()
  @Access(...TENANT_ROLES)
  @Answers(devicePageSchema)
  listDevices(
    @Query({ schema: deviceQuerySchema }) query: DeviceQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<Device>> {
    return this.devices.list(principal, query);
  }

  @Get(':id')
  @Access(...TENANT_ROLES)
  @Answers(deviceSchema)
  getDevice(@Param('id', { schema: idSchema }) id: string, @CurrentPrincipal() principal: Principal): Promise<Device> {
    return this.devices.get(principal, id);
  }

  @Post()
  @Answers(createdDeviceSchema, 201)
  createDevice(
    @Body({ schema: newDeviceSchema }) device: NewDevice,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<CreatedDevice> {
    return this.devices.create(principal, device, actor);
  }

  @Post(':id/access-token')
  @Answers(renewedAccessTokenSchema)
  async renewDeviceAccessToken(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<RenewedAccessToken> {
    return { accessToken: await this.devices.renewAccessToken(principal, id, actor) };
  }

  @Delete(':id')
  @AnswersNothing()
  deleteDevice(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.devices.delete(principal, id, actor);
  }
}
