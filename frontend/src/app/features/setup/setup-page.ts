import { Component, inject, input, signal } from '@angular/core';
import { FormField, FormRoot, email, form, minLength, required, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { setUp } from '../../core/api/functions';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { SessionStore } from '../../core/session/session-store';
import { Entrance } from '../../ui/brand/entrance';
import { FieldErrorPipe } from '../../ui/form/field-error.pipe';
import { ProblemState } from '../../ui/state/problem-state';

/** The first start: whoever has the one-time link from the log becomes the first system administrator. */
@Component({
  selector: 'sp-setup-page',
  imports: [
    Entrance,
    FieldErrorPipe,
    FormField,
    FormRoot,
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    ProblemState,
    TranslocoPipe,
  ],
  templateUrl: './setup-page.html',
  styleUrl: './setup-page.scss',
})
export class SetupPage {
  /** The one-time token, from the address. */
  readonly token = input<string>();

  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly api = inject(Api);

  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal({ email: '', password: '', again: '' }),
    (path) => {
      required(path.email);
      email(path.email);
      required(path.password);
      minLength(path.password, 12);
      validate(path.again, ({ value, valueOf }) => (value() === valueOf(path.password) ? null : { kind: 'mismatch' }));
    },
    { submission: { action: () => this.create() } },
  );

  private async create(): Promise<void> {
    this.problem.set(null);
    const { email: address, password } = this.form().value();
    try {
      const body = { token: this.token() ?? '', email: address.trim(), password };
      this.session.keep(await this.api.invoke(setUp, { body }));
      await this.router.navigateByUrl('/');
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
