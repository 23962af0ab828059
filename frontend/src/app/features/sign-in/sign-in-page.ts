import { Component, computed, inject, input, resource, signal } from '@angular/core';
import { form, required, submit } from '@angular/forms/signals';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getIdentityProviderButton, getSetup } from '../../core/api/functions';
import type { DemoAccount } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { ownText } from '../../core/i18n/own-text';
import { safeReturnUrl } from '../../core/session/return-url';
import { SessionStore } from '../../core/session/session-store';
import { Entrance } from '../../ui/brand/entrance';
import { FORM_PARTS } from '../../ui/form/form-parts';
import { PasswordInput } from '../../ui/password/password-input';

@Component({
  selector: 'sp-sign-in-page',
  imports: [...FORM_PARTS, Entrance, MatIcon, PasswordInput, RouterLink],
  templateUrl: './sign-in-page.html',
  styleUrl: './sign-in-page.scss',
})
export class SignInPage {
  /** Where the person wanted to go, from the address. */
  readonly returnUrl = input<string>();

  /** From the address: people of this tenant may sign in at their own identity provider. */
  readonly tenant = input<string>();
  /** From the address: why the identity provider's answer let nobody in. */
  readonly refused = input<string>();

  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly api = inject(Api);
  private readonly transloco = inject(TranslocoService);

  protected readonly setup = resource({ loader: () => this.api.invoke(getSetup) });
  protected readonly provider = resource({
    params: () => this.tenant(),
    loader: ({ params }) => this.api.invoke(getIdentityProviderButton, { tenantId: params }),
  });
  protected readonly startUrl = computed(
    () => `/api/auth/oidc/${this.tenant()}/start?returnUrl=${encodeURIComponent(safeReturnUrl(this.returnUrl()))}`,
  );
  /** The server's callback names it in the address, where anybody may write anything: what has no text here is not shown. */
  protected readonly refusal = computed(() => {
    const code = this.refused();
    return code !== undefined && ownText(this.transloco, `signIn.refused.${code}`) !== undefined ? code : undefined;
  });
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal({ email: '', password: '' }),
    (path) => {
      required(path.email);
      required(path.password);
    },
    { submission: { action: () => this.signIn() } },
  );

  /** Through the form, so that a refusal finds there what was tried. */
  protected async signInAs({ email, password }: DemoAccount): Promise<void> {
    this.form().value.set({ email, password });
    await submit(this.form);
  }

  private async signIn(): Promise<void> {
    this.problem.set(null);
    const { email, password } = this.form().value();
    try {
      const inside = await this.session.signIn(email.trim(), password);
      if (inside) await this.router.navigateByUrl(safeReturnUrl(this.returnUrl()));
      else await this.router.navigate(['/sign-in/second-factor'], { queryParamsHandling: 'preserve' });
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
