import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ApiProblem } from '../../core/http/api-problem';

/** A failure in the server's own words: what is wrong, what is special, what to do. */
@Component({
  selector: 'sp-problem',
  imports: [MatButton, MatIcon, TranslocoPipe],
  template: `
    <mat-icon [svgIcon]="offline() ? 'cloud-off' : 'error-fill'" aria-hidden="true" />
    <div class="words">
      <p class="title">{{ facts().title }}</p>
      @if (facts().detail) {
        <p>{{ facts().detail }}</p>
      }
      @for (error of facts().errors; track $index) {
        <p>
          <code>{{ error.pointer }}</code> {{ error.message }}
        </p>
      }
      @if (facts().advice) {
        <p class="advice">{{ facts().advice }}</p>
      }
    </div>
    @if (retryable()) {
      <button mat-stroked-button type="button" (click)="retry.emit()">{{ 'ui.retry' | transloco }}</button>
    }
  `,
  styleUrl: './problem-state.scss',
  host: { role: 'alert' },
})
export class ProblemState {
  readonly problem = input.required<ApiProblem>();
  /** Whether a retry button is shown. */
  readonly retryable = input(true);
  readonly retry = output();
  protected readonly facts = computed(() => this.problem().facts);
  protected readonly offline = computed(() => this.facts().code === 'unreachable');
}
