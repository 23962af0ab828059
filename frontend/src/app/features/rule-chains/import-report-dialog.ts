import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ImportedRuleChain } from '../../core/api/models';
import { CountPipe } from '../../core/i18n/count.pipe';
import type { IconName } from '../../ui/icon/icons';
import { Tag, type Tone } from '../../ui/status/tag';
import { type Level, countsOf, worstFirst } from './import-report';

const LOOKS: Readonly<Record<Level, { readonly tone: Tone; readonly icon: IconName }>> = {
  ok: { tone: 'positive', icon: 'check-circle-fill' },
  info: { tone: 'neutral', icon: 'info' },
  warning: { tone: 'minor', icon: 'warning-fill' },
  error: { tone: 'critical', icon: 'error-fill' },
};

/** What an import made of each node of the file. */
@Component({
  selector: 'sp-import-report-dialog',
  imports: [
    CountPipe,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    Tag,
    TranslocoPipe,
  ],
  templateUrl: './import-report-dialog.html',
  styleUrl: './import-report-dialog.scss',
})
export class ImportReportDialog {
  protected readonly imported = inject<ImportedRuleChain>(MAT_DIALOG_DATA);
  protected readonly looks = LOOKS;
  protected readonly nodes = worstFirst(this.imported.report);
  protected readonly counts = countsOf(this.imported.report);
}
