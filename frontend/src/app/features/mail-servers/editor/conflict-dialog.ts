import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { at, differences, isObject } from '../../../ui/schema-form/json-value';
import { FormTexts } from '../../../ui/schema-form/form-texts';
import type { MailServer } from '../mail-server-api';
import { type Draft, opened } from './server-draft';

export type ConflictChoice = 'mine' | 'theirs';

interface Data {
  readonly mine: Draft;
  readonly theirs: MailServer;
  /** As it was when this page read it. */
  readonly before: MailServer | null;
}

/** Somebody else saved the same server: shows what differs and lets the person decide. */
@Component({
  selector: 'sp-conflict-dialog',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle, TranslocoPipe],
  template: `
    <h2 mat-dialog-title>{{ 'mailServers.conflict.title' | transloco }}</h2>
    <mat-dialog-content>
      <p>{{ 'mailServers.conflict.text' | transloco }}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{{ 'mailServers.conflict.field' | transloco }}</th>
            <th scope="col">{{ 'mailServers.conflict.theirs' | transloco }}</th>
            <th scope="col">{{ 'mailServers.conflict.mine' | transloco }}</th>
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track row.name) {
            <tr>
              <th scope="row">{{ row.label }}</th>
              <td [class.changed]="row.byThem">{{ row.theirs }}</td>
              <td [class.changed]="row.byMe">{{ row.mine }}</td>
            </tr>
          } @empty {
            <tr>
              <td colspan="3">{{ 'mailServers.conflict.same' | transloco }}</td>
            </tr>
          }
        </tbody>
      </table>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
      <button matButton="outlined" type="button" [mat-dialog-close]="'theirs'">
        {{ 'mailServers.conflict.reload' | transloco }}
      </button>
      <button matButton="filled" type="button" [mat-dialog-close]="'mine'">
        {{ 'mailServers.conflict.overwrite' | transloco }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    table {
      width: 100%;
      margin-top: 14px;
      border-collapse: collapse;
      font-size: 0.875rem;
    }
    th,
    td {
      padding: 8px 10px;
      border-bottom: 1px solid var(--sp-line);
      text-align: left;
      overflow-wrap: anywhere;
    }
    thead th {
      color: var(--sp-ink-soft);
      font-size: 0.75rem;
    }
    .changed {
      font-weight: 600;
      background: var(--sp-minor-fill);
      color: var(--sp-minor-ink);
    }
  `,
})
export class ConflictDialog {
  private readonly data = inject<Data>(MAT_DIALOG_DATA);
  private readonly texts = inject(FormTexts);
  protected readonly rows = computed(() => {
    const { mine, theirs, before } = this.data;
    const [theirDraft, base] = [opened(theirs).draft, before ? opened(before).draft : mine];
    return differences(theirDraft, mine).map((path) => ({
      name: path.join('.'),
      label: this.labelOf(path),
      theirs: shown(at(theirDraft, path)),
      mine: shown(at(mine, path)),
      byThem: shown(at(base, path)) !== shown(at(theirDraft, path)),
      byMe: shown(at(base, path)) !== shown(at(mine, path)),
    }));
  });

  private labelOf(path: readonly string[]): string {
    const inner = path[0] === 'settings' ? path.slice(1) : path;
    return this.texts.label('mailServerForm.', { name: inner.join('.'), schema: {}, path: inner });
  }
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (isObject(value) && 'change' in value) return '••••';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
