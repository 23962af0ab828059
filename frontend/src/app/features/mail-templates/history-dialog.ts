import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getMailTemplateHistory } from '../../core/api/functions';
import { asProblem } from '../../core/http/api-problem';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { Ago } from '../../ui/time/ago';
import type { TemplateKey } from './template-store';

/** Who changed a text when; closes with the text that is to be used again. */
@Component({
  selector: 'sp-history-dialog',
  imports: [
    Ago,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    ProblemState,
    Skeleton,
    TranslocoPipe,
  ],
  template: `
    <h2 mat-dialog-title>{{ 'mailTemplates.history.title' | transloco }}</h2>
    <mat-dialog-content>
      @if (failed(); as problem) {
        <sp-problem [problem]="problem" (retry)="source.reload()" />
      } @else if (!source.hasValue()) {
        <sp-skeleton [rows]="3" />
      } @else {
        <ol>
          @for (version of source.value().items; track $index) {
            <li>
              <div class="words">
                <strong>{{ version.text?.subject ?? ('mailTemplates.history.reset' | transloco) }}</strong>
                <span class="sp-soft">{{ version.by }} · <sp-ago [at]="version.at" /></span>
              </div>
              @if (version.text; as text) {
                <button matButton="outlined" type="button" [mat-dialog-close]="text">
                  {{ 'mailTemplates.history.use' | transloco }}
                </button>
              }
            </li>
          } @empty {
            <p class="sp-soft">{{ 'mailTemplates.history.empty' | transloco }}</p>
          }
        </ol>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close>{{ 'ui.close' | transloco }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    ol {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      align-items: center;
      gap: 16px;
      padding: 12px 0;
      border-bottom: 1px solid var(--sp-line);
    }
    .words {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      overflow-wrap: anywhere;
    }
  `,
})
export class HistoryDialog {
  private readonly api = inject(Api);
  private readonly key = inject<TemplateKey>(MAT_DIALOG_DATA);
  protected readonly source = resource({ loader: () => this.api.invoke(getMailTemplateHistory, this.key) });
  protected readonly failed = computed(() => (this.source.error() ? asProblem(this.source.error()) : null));
}
