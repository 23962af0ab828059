import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { confirmAddress, unlock } from '../../core/api/functions';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { ProblemState } from '../../ui/state/problem-state';
import { LinkFrame } from './link-frame';
import { linkOf } from './link-of';

/** What each kind of link does when the person says so. */
const DEEDS = {
  unlock: (api: Api, token: string) => api.invoke(unlock, { body: { token } }),
  'address-confirmation': (api: Api, token: string) => api.invoke(confirmAddress, { body: { token } }),
  'address-undo': (api: Api, token: string) => api.invoke(confirmAddress, { body: { token } }),
};
type Deed = keyof typeof DEEDS;

/** A link that needs one click of a person: a new address, taking that back, unlocking. */
@Component({
  selector: 'sp-deed-page',
  imports: [LinkFrame, MatButton, ProblemState, RouterLink, TranslocoPipe],
  template: `
    <sp-link-frame
      [link]="link"
      [heading]="'links.' + deed() + '.title' | transloco"
      [lead]="'links.' + deed() + '.lead' | transloco: { email: link.view()?.email }"
    >
      @if (problem(); as problem) {
        <sp-problem [problem]="problem" [retryable]="false" />
      }
      @if (done()) {
        <p role="status">{{ 'links.' + deed() + '.done' | transloco: { email: link.view()?.email } }}</p>
        <a matButton="filled" class="sp-tall" routerLink="/sign-in">{{ 'signIn.action' | transloco }}</a>
      } @else {
        <button matButton="filled" class="sp-tall" type="button" [disabled]="working()" (click)="act()">
          {{ 'links.' + deed() + '.action' | transloco }}
        </button>
      }
    </sp-link-frame>
  `,
})
export class DeedPage {
  /** From the address. */
  readonly token = input<string>();
  /** Of the route: what the page is for until it is known what the link is for. */
  readonly expected = input.required<Deed>();

  private readonly api = inject(Api);
  protected readonly link = linkOf(this.token);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly working = signal(false);
  protected readonly done = signal(false);
  protected readonly deed = computed((): Deed => {
    const purpose = this.link.view()?.purpose;
    return purpose === 'address-confirmation' || purpose === 'address-undo' ? purpose : this.expected();
  });

  protected async act(): Promise<void> {
    this.problem.set(null);
    this.working.set(true);
    try {
      await DEEDS[this.deed()](this.api, this.link.token());
      this.done.set(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    } finally {
      this.working.set(false);
    }
  }
}
