import { Component, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { renewLink } from '../../core/api/functions';
import { Entrance } from '../../ui/brand/entrance';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { Toasts } from '../../ui/toast/toasts';
import type { OpenedLink } from './link-of';

/** The frame of every page that a link in a mail opens: it says whom the link is for, or what to do when it is no good. */
@Component({
  selector: 'sp-link-frame',
  imports: [Entrance, MatButton, ProblemState, RouterLink, Skeleton, TranslocoPipe],
  template: `
    <sp-entrance>
      <div>
        <h1>{{ heading() }}</h1>
        @if (link().view()) {
          <p class="sp-soft">{{ lead() }}</p>
        }
      </div>
      @if (!link().token()) {
        <p>{{ 'links.noToken' | transloco }}</p>
      } @else if (link().loading()) {
        <sp-skeleton [rows]="3" />
      } @else if (link().problem(); as problem) {
        <sp-problem [problem]="problem" [retryable]="problem.facts.retryable" (retry)="link().reload()" />
        @if (renewed()) {
          <p role="status">{{ 'links.renewed' | transloco }}</p>
        } @else if (problem.facts.code === 'link-expired') {
          <button matButton="filled" type="button" (click)="renew()">{{ 'links.renew' | transloco }}</button>
        }
      } @else {
        <ng-content />
      }
      <a routerLink="/sign-in">{{ 'links.signIn' | transloco }}</a>
    </sp-entrance>
  `,
  styleUrl: './link-frame.scss',
})
export class LinkFrame {
  readonly link = input.required<OpenedLink>();
  readonly heading = input.required<string>();
  /** Shown once it is known whom the link is for. */
  readonly lead = input('');

  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly renewed = signal(false);

  protected async renew(): Promise<void> {
    try {
      await this.api.invoke(renewLink, { body: { token: this.link().token() } });
      this.renewed.set(true);
    } catch (error) {
      this.toasts.failed(error);
    }
  }
}
