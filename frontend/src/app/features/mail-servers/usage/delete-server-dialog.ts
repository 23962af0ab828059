import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import type { MailServerSummary } from '../../../core/api/models';
import { type ApiProblem, asProblem } from '../../../core/http/api-problem';
import { FieldFrame } from '../../../ui/field/field';
import { ProblemState } from '../../../ui/state/problem-state';
import { type MailServer, MailServerApi } from '../mail-server-api';
import { UsagePanel } from './usage-panel';

export interface DeletionData {
  readonly server: MailServer;
  readonly others: readonly MailServerSummary[];
}

export interface Deleted {
  readonly replacementId: string | null;
}

/** Asks before a mail server goes, and for the one that takes over. Closes with that one (or none) when it is gone. */
@Component({
  selector: 'sp-delete-server-dialog',
  imports: [
    FieldFrame,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    ProblemState,
    TranslocoPipe,
    UsagePanel,
  ],
  template: `
    <h2 mat-dialog-title>{{ 'mailServers.delete.title' | transloco: { name: data.server.name } }}</h2>
    <mat-dialog-content>
      <p>{{ 'mailServers.delete.text' | transloco }}</p>
      <sp-usage-panel [serverId]="data.server.id" />
      @if (data.others.length > 0) {
        <sp-field
          #frame="spField"
          [label]="'mailServers.delete.replacement' | transloco"
          [hint]="'mailServers.delete.replacementHint' | transloco"
        >
          <select
            #box
            class="sp-input"
            [id]="frame.id"
            [attr.aria-describedby]="frame.describedBy()"
            (change)="replacement.set(box.value)"
          >
            <option value="">{{ 'mailServers.delete.noReplacement' | transloco }}</option>
            @for (other of data.others; track other.id) {
              <option [value]="other.id">{{ other.name }}</option>
            }
          </select>
        </sp-field>
      }
      @if (problem(); as one) {
        <sp-problem [problem]="one" [retryable]="false" />
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
      <button matButton="filled" class="danger" type="button" [disabled]="busy()" (click)="delete()">
        {{ 'mailServers.delete.action' | transloco }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    mat-dialog-content {
      display: flex;
      flex-direction: column;
      gap: 16px;
    }
    .danger {
      --mat-button-filled-container-color: light-dark(#b3261e, #ffb4ab);
      --mat-button-filled-label-text-color: light-dark(#fff, #4a1613);
    }
  `,
})
export class DeleteServerDialog {
  private readonly api = inject(MailServerApi);
  private readonly ref = inject<MatDialogRef<DeleteServerDialog, Deleted>>(MatDialogRef);
  protected readonly data = inject<DeletionData>(MAT_DIALOG_DATA);
  protected readonly replacement = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  private readonly replacementId = computed(() => this.replacement() || null);

  protected async delete(): Promise<void> {
    this.busy.set(true);
    try {
      await this.api.delete(this.data.server.id, this.replacementId());
      this.ref.close({ replacementId: this.replacementId() });
    } catch (error) {
      this.problem.set(asProblem(error));
    } finally {
      this.busy.set(false);
    }
  }
}
