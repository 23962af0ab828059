import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { IconName } from '../icon/icons';

export type Tone = 'critical' | 'major' | 'minor' | 'warning' | 'neutral' | 'positive';

/** A small coloured word; never colour alone: there is always text, mostly an icon too. */
@Component({
  selector: 'sp-tag',
  imports: [MatIcon],
  template: `
    @if (icon(); as name) {
      <mat-icon [svgIcon]="name" aria-hidden="true" />
    }
    <span><ng-content /></span>
  `,
  styleUrl: './tag.scss',
  host: { '[class]': '"tone-" + tone()' },
})
export class Tag {
  readonly tone = input<Tone>('neutral');
  readonly icon = input<IconName>();
}
