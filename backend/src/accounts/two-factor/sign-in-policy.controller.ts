import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import {
  signInPolicyInputSchema,
  signInPolicySchema,
  type SignInPolicy,
  type SignInPolicyInput,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Answers } from '../../http/index.js';
import { SignInPolicies } from './sign-in-policies.js';

/** Of whom a second factor is asked; the system administrator's choice holds in every tenant. */
@Controller('api/sign-in-policy')
@Access('system-administrator', 'tenant-administrator')
export class SignInPolicyController {
  constructor(@Inject(SignInPolicies) private readonly policies: SignInPolicies) {}

  @Get()
  @Answers(signInPolicySchema)
  getSignInPolicy(@CurrentPrincipal() { tenantId }: Principal): Promise<SignInPolicy> {
    return this.policies.get(tenantId);
  }

  @Put()
  @Answers(signInPolicySchema)
  saveSignInPolicy(
    @CurrentPrincipal() { tenantId }: Principal,
    @Body({ schema: signInPolicyInputSchema }) input: SignInPolicyInput,
    @CurrentActor() actor: Actor,
  ): Promise<SignInPolicy> {
    return this.policies.save(tenantId, input, actor);
  }
}
