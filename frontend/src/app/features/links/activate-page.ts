import { Component, inject, input, resource, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { Api } from '../../core/api/api';
import { activate, getPasswordPolicy } from '../../core/api/functions';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { SessionStore } from '../../core/session/session-store';
import { FORM_PARTS } from '../../ui/form/form-parts';
import { NewPassword } from '../../ui/password/new-password';
import { LinkFrame } from './link-frame';
import { linkOf } from './link-of';

/** An invited person chooses a password and is in. Opening the page burns nothing: a mail scanner opens it, too. */
@Component({
  selector: 'sp-activate-page',
  imports: [...FORM_PARTS, LinkFrame, NewPassword],
  templateUrl: './activate-page.html',
})
export class ActivatePage {
  /** From the address. */
  readonly token = input<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly session = inject(SessionStore);
  protected readonly link = linkOf(this.token);
  protected readonly policy = resource({ loader: () => this.api.invoke(getPasswordPolicy) });
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal({ name: '', password: '' }),
    (path) => {
      maxLength(path.name, 255);
      required(path.password);
    },
    { submission: { action: () => this.activate() } },
  );

  private async activate(): Promise<void> {
    this.problem.set(null);
    const { name, password } = this.form().value();
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const body = { token: this.link.token(), password, timeZone, ...(name.trim() ? { name: name.trim() } : {}) };
    try {
      const inside = await this.session.enter(await this.api.invoke(activate, { body }));
      await this.router.navigateByUrl(inside ? '/' : '/sign-in/second-factor');
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
