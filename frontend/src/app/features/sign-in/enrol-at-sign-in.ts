import { Component, computed, inject, output, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { confirmEnrolmentAtSignIn, enrolAtSignIn } from '../../core/api/functions';
import type { EnrolledSession } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { SessionStore } from '../../core/session/session-store';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { RecoveryCodes } from '../../ui/two-factor/recovery-codes';
import { TotpSetup } from '../../ui/two-factor/totp-setup';

/** The role needs a second factor and there is none yet: it is set up before the person is let in. */
@Component({
  selector: 'sp-enrol-at-sign-in',
  imports: [MatButton, ProblemState, RecoveryCodes, Skeleton, TotpSetup, TranslocoPipe],
  template: `
    @if (problem(); as problem) {
      <sp-problem [problem]="problem" [retryable]="false" />
    }
    @if (enrolled(); as done) {
      <sp-recovery-codes [codes]="done.recoveryCodes" />
      <button matButton="filled" class="sp-tall" type="button" (click)="finish(done)">
        {{ 'twoFactor.kept' | transloco }}
      </button>
    } @else if (enrolment.hasValue()) {
      <sp-totp-setup [enrolment]="enrolment.value()" [busy]="busy()" (confirmed)="confirm($event)" />
    } @else if (failed(); as problem) {
      <sp-problem [problem]="problem" (retry)="enrolment.reload()" />
    } @else {
      <sp-skeleton [rows]="3" />
    }
  `,
})
export class EnrolAtSignIn {
  readonly finished = output();

  private readonly api = inject(Api);
  private readonly session = inject(SessionStore);
  protected readonly enrolment = resource({ loader: () => this.api.invoke(enrolAtSignIn) });
  protected readonly failed = computed(() => (this.enrolment.error() ? asProblem(this.enrolment.error()) : null));
  protected readonly enrolled = signal<EnrolledSession | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly busy = signal(false);

  protected async confirm(code: string): Promise<void> {
    this.problem.set(null);
    this.busy.set(true);
    try {
      this.enrolled.set(await this.api.invoke(confirmEnrolmentAtSignIn, { body: { code } }));
    } catch (error) {
      this.problem.set(asProblem(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected async finish({ session }: EnrolledSession): Promise<void> {
    await this.session.enter(session);
    this.finished.emit();
  }
}
