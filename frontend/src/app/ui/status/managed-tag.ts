import { Component } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { TranslocoPipe } from '@jsverse/transloco';
import { Tag } from './tag';

/** Marks what the provisioning file keeps: it is changed there, not here. */
@Component({
  selector: 'sp-managed',
  imports: [MatTooltip, Tag, TranslocoPipe],
  template: ` <sp-tag icon="lock" [matTooltip]="'managed.why' | transloco">{{ 'managed.label' | transloco }}</sp-tag> `,
})
export class ManagedTag {}
