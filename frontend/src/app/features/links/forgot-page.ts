import { Component, inject, signal } from '@angular/core';
import { email, form, required } from '@angular/forms/signals';
import { RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { requestPasswordReset } from '../../core/api/functions';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { Entrance } from '../../ui/brand/entrance';
import { FORM_PARTS } from '../../ui/form/form-parts';

/** Asks for a link to choose a new password; says the same whether or not somebody has the address. */
@Component({
  selector: 'sp-forgot-page',
  imports: [...FORM_PARTS, Entrance, RouterLink],
  template: `
    <sp-entrance>
      <div>
        <h1>{{ 'links.forgot.title' | transloco }}</h1>
        <p class="sp-soft">
          {{ (sentTo() ? 'links.forgot.sent' : 'links.forgot.lead') | transloco: { email: sentTo() } }}
        </p>
      </div>
      @if (problem(); as problem) {
        <sp-problem [problem]="problem" [retryable]="false" />
      }
      @if (!sentTo()) {
        <form class="sp-form" [formRoot]="form">
          <mat-form-field>
            <mat-label>{{ 'signIn.email' | transloco }}</mat-label>
            <input matInput type="email" autocomplete="username" [formField]="form.email" />
            <mat-error>{{ form.email().errors() | fieldError }}</mat-error>
          </mat-form-field>
          <button matButton="filled" class="sp-tall" type="submit" [disabled]="form().submitting()">
            {{ 'links.forgot.action' | transloco }}
          </button>
        </form>
      }
      <a routerLink="/sign-in">{{ 'links.signIn' | transloco }}</a>
    </sp-entrance>
  `,
  styleUrl: './link-frame.scss',
})
export class ForgotPage {
  private readonly api = inject(Api);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly sentTo = signal('');
  protected readonly form = form(
    signal({ email: '' }),
    (path) => {
      required(path.email);
      email(path.email);
    },
    { submission: { action: () => this.request() } },
  );

  private async request(): Promise<void> {
    this.problem.set(null);
    const { email: address } = this.form().value();
    try {
      await this.api.invoke(requestPasswordReset, { body: { email: address.trim() } });
      this.sentTo.set(address.trim());
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
