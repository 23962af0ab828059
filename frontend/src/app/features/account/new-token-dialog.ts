import { Component, inject, signal } from '@angular/core';
import { form, maxLength, minLength, required } from '@angular/forms/signals';
import { Api } from '../../core/api/api';
import { createApiToken } from '../../core/api/functions';
import { API_TOKEN_SCOPE } from '../../core/api/models/api-token-scope-array';
import type { ApiTokenScope, CreatedApiToken } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { SessionStore } from '../../core/session/session-store';
import { Command } from '../../ui/code/command';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';

const DAY = 24 * 60 * 60 * 1000;

/** Asks for a token's name, then shows the token the one time it can be seen. */
@Component({
  selector: 'sp-new-token-dialog',
  imports: [...DIALOG_FORM_PARTS, Command],
  templateUrl: './new-token-dialog.html',
})
export class NewTokenDialog {
  private readonly api = inject(Api);
  protected readonly scopes = API_TOKEN_SCOPE;
  protected readonly ofSystem = inject(SessionStore).is('system-administrator');
  /** 0: it does not end. */
  protected readonly terms = [30, 90, 365, 0];
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly created = signal<CreatedApiToken | null>(null);
  protected readonly form = form(
    signal<{ name: string; scopes: ApiTokenScope[]; days: number }>({ name: '', scopes: ['read'], days: 90 }),
    (path) => {
      required(path.name);
      maxLength(path.name, 255);
      minLength(path.scopes, 1);
    },
    { submission: { action: () => this.create() } },
  );

  private async create(): Promise<void> {
    this.problem.set(null);
    try {
      const { name, scopes, days } = this.form().value();
      const expiresAt = days > 0 ? Date.now() + days * DAY : null;
      this.created.set(await this.api.invoke(createApiToken, { body: { name, scopes, expiresAt } }));
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
