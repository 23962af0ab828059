import { Component, computed, inject, input, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { disableTwoFactor, getTwoFactor, renewRecoveryCodes, setEmailCodes } from '../../core/api/functions';
import { asProblem } from '../../core/http/api-problem';
import { ProblemState } from '../../ui/state/problem-state';
import { Tag } from '../../ui/status/tag';
import { Ago } from '../../ui/time/ago';
import { EnrolDialog } from './enrol-dialog';
import { type Proof, ProofDialog, type ProofDialogData } from './proof-dialog';
import { RecoveryCodesDialog } from './recovery-codes-dialog';

/** One's second factor: an app, codes by mail, codes for the worst case. */
@Component({
  selector: 'sp-two-factor-card',
  imports: [Ago, MatButton, ProblemState, Tag, TranslocoPipe],
  templateUrl: './two-factor-card.html',
  styleUrl: './tab.scss',
})
export class TwoFactorCard {
  readonly hasPassword = input.required<boolean>();

  private readonly api = inject(Api);
  private readonly dialog = inject(MatDialog);
  private readonly transloco = inject(TranslocoService);
  protected readonly source = resource({ loader: () => this.api.invoke(getTwoFactor) });
  protected readonly state = computed(() => (this.source.hasValue() ? this.source.value() : undefined));
  protected readonly failed = computed(() => (this.source.error() ? asProblem(this.source.error()) : null));
  protected readonly on = computed(() => this.state()?.totp === true || this.state()?.emailCodes === true);

  protected async setUpApp(): Promise<void> {
    await this.opened(EnrolDialog, { hasPassword: this.hasPassword() });
    this.source.reload();
  }

  protected async setEmailCodes(enabled: boolean): Promise<void> {
    const key = enabled ? 'account.twoFactor.emailOn' : 'account.twoFactor.emailOff';
    await this.proved(key, async (proof) => {
      this.source.set(await this.api.invoke(setEmailCodes, { body: { ...proof, enabled } }));
    });
  }

  protected async renewCodes(): Promise<void> {
    await this.proved('account.twoFactor.newCodes', async (proof) => {
      const { recoveryCodes } = await this.api.invoke(renewRecoveryCodes, { body: proof });
      this.dialog.open(RecoveryCodesDialog, { data: recoveryCodes, width: '460px', disableClose: true });
    });
    this.source.reload();
  }

  protected async disable(): Promise<void> {
    await this.proved('account.twoFactor.disable', async (proof) => {
      this.source.set(await this.api.invoke(disableTwoFactor, { body: proof }));
    });
  }

  private proved(key: string, deed: (proof: Proof) => Promise<void>): Promise<void> {
    const data: ProofDialogData = { title: this.transloco.translate(key), hasPassword: this.hasPassword(), deed };
    return this.opened(ProofDialog, data);
  }

  private async opened(component: typeof EnrolDialog | typeof ProofDialog, data: object): Promise<void> {
    await firstValueFrom(this.dialog.open<unknown>(component, { data, width: '460px' }).afterClosed());
  }
}
