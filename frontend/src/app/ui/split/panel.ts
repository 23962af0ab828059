import { Component, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';

/** The detail side of a split: heading, close (back to the list), content, a foot for actions (`panelActions`). */
@Component({
  selector: 'sp-panel',
  imports: [MatIcon, MatIconButton, RouterLink, TranslocoPipe],
  template: `
    <header>
      <a matIconButton class="back" [routerLink]="close()" [attr.aria-label]="'ui.back' | transloco">
        <mat-icon svgIcon="arrow-back" />
      </a>
      <div class="words">
        <ng-content select="[panelTags]" />
        <h2>{{ heading() }}</h2>
      </div>
      <a matIconButton class="close" [routerLink]="close()" [attr.aria-label]="'ui.close' | transloco">
        <mat-icon svgIcon="close" />
      </a>
    </header>
    <div class="body" role="region" tabindex="0" [attr.aria-label]="heading()"><ng-content /></div>
    <footer><ng-content select="[panelActions]" /></footer>
  `,
  styleUrl: './panel.scss',
  host: { class: 'sp-card' },
})
export class Panel {
  readonly heading = input.required<string>();
  /** Router link of the list. */
  readonly close = input.required<string>();
}
