import { Body, Controller, Delete, Get, Inject, Put } from '@nestjs/common';
import { brandingInputSchema, brandingSchema, type Branding, type BrandingInput } from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Answers, AnswersNothing } from '../../http/index.js';
import { BrandingEditor } from './branding-editor.js';

/** The looks of the system's mails, in the scope of who asks. */
@Controller('api/branding')
@Access('system-administrator', 'tenant-administrator')
export class BrandingController {
  constructor(@Inject(BrandingEditor) private readonly editor: BrandingEditor) {}

  @Get()
  @Answers(brandingSchema)
  getBranding(@CurrentPrincipal() { tenantId }: Principal): Promise<Branding> {
    return this.editor.read(tenantId);
  }

  @Put()
  @Answers(brandingSchema)
  saveBranding(
    @Body({ schema: brandingInputSchema }) input: BrandingInput,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<Branding> {
    return this.editor.save(tenantId, input, actor);
  }

  @Delete()
  @AnswersNothing()
  resetBranding(@CurrentPrincipal() { tenantId }: Principal, @CurrentActor() actor: Actor): Promise<void> {
    return this.editor.reset(tenantId, actor);
  }
}
