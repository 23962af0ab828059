import { Injectable, computed, inject, resource, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../core/api/api';
import {
  completeMailServerConsent,
  getMailServerOAuth,
  refreshMailServerToken,
  revokeMailServerConsent,
  startMailServerConsent,
  startMailServerDeviceSignIn,
} from '../../../core/api/functions';
import { live } from '../../../core/events/live';
import { type ApiProblem, asProblem } from '../../../core/http/api-problem';
import { Confirm } from '../../../ui/dialog/confirm';
import { ConsentWindow } from './consent-window';

/** The grant of one mail server, live, and what can be done about it. */
@Injectable()
export class OAuthGrantStore {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly consent = inject(ConsentWindow);
  private readonly transloco = inject(TranslocoService);

  readonly serverId = signal('');
  /** Why the last deed did not work. */
  readonly problem = signal<ApiProblem | null>(null);
  readonly busy = signal(false);
  /** A sign-in whose last address is to be pasted back. */
  readonly pasting = signal(false);
  readonly grant = resource({
    params: () => (this.serverId() === '' ? undefined : { id: this.serverId() }),
    loader: ({ params }) => this.api.invoke(getMailServerOAuth, params),
  });
  readonly current = computed(() => (this.grant.hasValue() ? this.grant.value() : null));
  readonly readProblem = computed(() => {
    const error = this.grant.error();
    return error && !this.current() ? asProblem(error) : null;
  });

  constructor() {
    live('mail-servers', this.grant, () => this.serverId());
  }

  /** @param where a window of its own, or this tab */
  async signIn(where: 'window' | 'here'): Promise<void> {
    const go = where === 'window' ? this.consent.open() : (url: string | null) => url && this.consent.here(url);
    const started = await this.attempt(() => this.start('callback'));
    go(started?.url ?? null);
  }

  /** Nothing listens at http://localhost: the person pastes the address back. */
  async signInAndPaste(): Promise<void> {
    const go = this.consent.open();
    const started = await this.attempt(() => this.start('localhost'));
    go(started?.url ?? null);
    this.pasting.set(started !== null);
  }

  async paste(address: string): Promise<void> {
    const body = { address };
    const done = await this.attempt(() => this.api.invoke(completeMailServerConsent, { ...this.ref(), body }));
    if (done) this.pasting.set(false);
  }

  async startDevice(): Promise<void> {
    await this.attempt(() => this.api.invoke(startMailServerDeviceSignIn, this.ref()));
  }

  async refresh(): Promise<void> {
    await this.attempt(() => this.api.invoke(refreshMailServerToken, this.ref()));
  }

  async end(mailbox: string): Promise<void> {
    const text = (key: string): string => this.transloco.translate('oauth.end.' + key, { mailbox });
    if (!(await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') }))) return;
    await this.attempt(() => this.api.invoke(revokeMailServerConsent, this.ref()));
  }

  private start(redirect: 'callback' | 'localhost') {
    return this.api.invoke(startMailServerConsent, { ...this.ref(), body: { redirect } });
  }

  private ref(): { readonly id: string } {
    return { id: this.serverId() };
  }

  /** Does it and reads the grant again. @returns null when it failed; `problem` says why */
  private async attempt<T>(deed: () => Promise<T>): Promise<T | null> {
    this.busy.set(true);
    this.problem.set(null);
    try {
      return await deed();
    } catch (error) {
      this.problem.set(asProblem(error));
      return null;
    } finally {
      this.busy.set(false);
      this.grant.reload();
    }
  }
}
