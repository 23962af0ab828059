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
import { RecoveryCodes } from '../../ui/two-factor/recovery-codes';

/** Shows new recovery codes the one time they can be seen. */
@Component({
  selector: 'sp-recovery-codes-dialog',
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    RecoveryCodes,
    TranslocoPipe,
  ],
  template: `
    <h2 mat-dialog-title>{{ 'twoFactor.codes' | transloco }}</h2>
    <mat-dialog-content><sp-recovery-codes [codes]="codes" /></mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="filled" type="button" mat-dialog-close>{{ 'twoFactor.kept' | transloco }}</button>
    </mat-dialog-actions>
  `,
})
export class RecoveryCodesDialog {
  protected readonly codes = inject<readonly string[]>(MAT_DIALOG_DATA);
}
