import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Tag } from '../../../ui/status/tag';
import { GRANT_LOOKS, type GrantState } from './grant-looks';

@Component({
  selector: 'sp-grant-state',
  imports: [Tag, TranslocoPipe],
  styles: `
    :host {
      display: inline-flex;
    }
  `,
  template: ` <sp-tag [tone]="look().tone" [icon]="look().icon">{{ 'grantState.' + value() | transloco }}</sp-tag> `,
})
export class GrantStateTag {
  readonly value = input.required<GrantState>();
  protected readonly look = computed(() => GRANT_LOOKS[this.value()]);
}
