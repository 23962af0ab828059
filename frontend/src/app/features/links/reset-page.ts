import { Component, inject, input, resource, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { getPasswordPolicy, resetPassword } from '../../core/api/functions';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { FORM_PARTS } from '../../ui/form/form-parts';
import { NewPassword } from '../../ui/password/new-password';
import { LinkFrame } from './link-frame';
import { linkOf } from './link-of';

/** Somebody who forgot the password chooses a new one, then signs in with it. */
@Component({
  selector: 'sp-reset-page',
  imports: [...FORM_PARTS, LinkFrame, NewPassword, RouterLink],
  template: `
    <sp-link-frame
      [link]="link"
      [heading]="'links.reset.title' | transloco"
      [lead]="'links.reset.lead' | transloco: { email: link.view()?.email }"
    >
      @if (done()) {
        <p role="status">{{ 'links.reset.done' | transloco }}</p>
        <a matButton="filled" class="sp-tall" routerLink="/sign-in">{{ 'signIn.action' | transloco }}</a>
      } @else {
        @if (problem(); as problem) {
          <sp-problem [problem]="problem" [retryable]="false" />
        }
        <form class="sp-form" [formRoot]="form">
          <input hidden type="email" autocomplete="username" [value]="link.view()?.email" />
          <sp-new-password
            [field]="form.password"
            [label]="'links.reset.password' | transloco"
            [rules]="policy.value()"
            [email]="link.view()?.email ?? ''"
          />
          <button matButton="filled" class="sp-tall" type="submit" [disabled]="form().submitting()">
            {{ 'links.reset.action' | transloco }}
          </button>
        </form>
      }
    </sp-link-frame>
  `,
})
export class ResetPage {
  /** From the address. */
  readonly token = input<string>();

  private readonly api = inject(Api);
  protected readonly link = linkOf(this.token);
  protected readonly policy = resource({ loader: () => this.api.invoke(getPasswordPolicy) });
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly done = signal(false);
  protected readonly form = form(signal({ password: '' }), (path) => required(path.password), {
    submission: { action: () => this.reset() },
  });

  private async reset(): Promise<void> {
    this.problem.set(null);
    try {
      await this.api.invoke(resetPassword, { body: { token: this.link.token(), ...this.form().value() } });
      this.done.set(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
