import { Component, computed, inject, input, resource, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { getSecondFactor, proveSecondFactor, sendSecondFactorCode } from '../../core/api/functions';
import type { SecondFactorWay } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { safeReturnUrl } from '../../core/session/return-url';
import { SessionStore } from '../../core/session/session-store';
import { Entrance } from '../../ui/brand/entrance';
import { FORM_PARTS } from '../../ui/form/form-parts';
import { Skeleton } from '../../ui/state/skeleton';
import { EnrolAtSignIn } from './enrol-at-sign-in';

/** The password was right; the account asks for one thing more. */
@Component({
  selector: 'sp-second-factor-page',
  imports: [...FORM_PARTS, EnrolAtSignIn, Entrance, RouterLink, Skeleton],
  templateUrl: './second-factor-page.html',
  styleUrl: './sign-in-page.scss',
})
export class SecondFactorPage {
  /** Where the person wanted to go, from the address. */
  readonly returnUrl = input<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly session = inject(SessionStore);
  protected readonly pending = resource({ loader: () => this.api.invoke(getSecondFactor) });
  protected readonly expired = computed(() => (this.pending.error() ? asProblem(this.pending.error()) : null));
  protected readonly asked = computed(() => (this.pending.hasValue() ? this.pending.value().secondFactor : undefined));
  private readonly chosen = signal<SecondFactorWay | null>(null);
  protected readonly way = computed(() => this.chosen() ?? this.asked()?.ways[0] ?? 'totp');
  protected readonly otherWays = computed(() => this.asked()?.ways.filter((way) => way !== this.way()) ?? []);
  protected readonly sent = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(signal({ code: '' }), (path) => required(path.code), {
    submission: { action: () => this.prove() },
  });

  protected choose(way: SecondFactorWay): void {
    this.chosen.set(way);
    this.problem.set(null);
    this.form().reset({ code: '' });
  }

  protected async sendCode(): Promise<void> {
    this.problem.set(null);
    try {
      await this.api.invoke(sendSecondFactorCode);
      this.sent.set(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }

  protected async goOn(): Promise<void> {
    await this.router.navigateByUrl(safeReturnUrl(this.returnUrl()));
  }

  private async prove(): Promise<void> {
    this.problem.set(null);
    const body = { way: this.way(), code: this.form.code().value().trim() };
    try {
      await this.session.enter(await this.api.invoke(proveSecondFactor, { body }));
      await this.goOn();
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
