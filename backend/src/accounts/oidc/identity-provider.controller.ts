import { Body, Controller, Delete, Get, Inject, Put } from '@nestjs/common';
import {
  identityProviderInputSchema,
  identityProviderSchema,
  identityProviderStateSchema,
  type IdentityProvider,
  type IdentityProviderInput,
  type IdentityProviderState,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Answers, AnswersNothing } from '../../http/index.js';
import { IdentityProviders } from './identity-providers.js';

/** The tenant's own identity provider. */
@Controller('api/identity-provider')
@Access('tenant-administrator')
export class IdentityProviderController {
  constructor(@Inject(IdentityProviders) private readonly providers: IdentityProviders) {}

  @Get()
  @Answers(identityProviderStateSchema)
  async getIdentityProvider(@CurrentPrincipal() { tenantId }: Principal): Promise<IdentityProviderState> {
    return { provider: await this.providers.get(tenantId) };
  }

  @Put()
  @Answers(identityProviderSchema)
  saveIdentityProvider(
    @CurrentPrincipal() { tenantId }: Principal,
    @Body({ schema: identityProviderInputSchema }) input: IdentityProviderInput,
    @CurrentActor() actor: Actor,
  ): Promise<IdentityProvider> {
    return this.providers.save(tenantId, input, actor);
  }

  @Delete()
  @AnswersNothing()
  deleteIdentityProvider(@CurrentPrincipal() { tenantId }: Principal, @CurrentActor() actor: Actor): Promise<void> {
    return this.providers.remove(tenantId, actor);
  }
}
