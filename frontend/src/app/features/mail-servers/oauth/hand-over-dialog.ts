import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../core/api/api';
import { handOverMailServerConsent } from '../../../core/api/functions';
import { asProblem } from '../../../core/http/api-problem';
import { Command } from '../../../ui/code/command';
import { ProblemState } from '../../../ui/state/problem-state';
import { Skeleton } from '../../../ui/state/skeleton';
import { ExactPipe } from '../../../ui/time/exact.pipe';

/** A link for the colleague who may consent, with texts that are ready to send. */
@Component({
  selector: 'sp-hand-over-dialog',
  imports: [
    Command,
    ExactPipe,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    MatIcon,
    ProblemState,
    Skeleton,
    TranslocoPipe,
  ],
  templateUrl: './hand-over-dialog.html',
  styles: `
    mat-dialog-content {
      display: flex;
      flex-direction: column;
      gap: 14px;
    }
    h3 {
      font-size: 0.9375rem;
      font-weight: 650;
    }
  `,
})
export class HandOverDialog {
  private readonly api = inject(Api);
  private readonly transloco = inject(TranslocoService);
  private readonly data = inject<{ readonly serverId: string }>(MAT_DIALOG_DATA);
  protected readonly made = resource({
    loader: () => this.api.invoke(handOverMailServerConsent, { id: this.data.serverId }),
  });
  protected readonly problem = computed(() => {
    const error = this.made.error();
    return error ? asProblem(error) : null;
  });
  protected readonly letter = computed(() =>
    this.made.hasValue() ? this.transloco.translate('oauth.handOver.letter', { url: this.made.value().url }) : '',
  );
  protected readonly mailto = computed(() => {
    const subject = this.transloco.translate('oauth.handOver.subject');
    return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(this.letter())}`;
  });
}
