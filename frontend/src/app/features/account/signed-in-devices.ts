import { Component, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { endSession, endSessions, listSessions } from '../../core/api/functions';
import type { SignedInDevice } from '../../core/api/models';
import { asProblem } from '../../core/http/api-problem';
import { Confirm } from '../../ui/dialog/confirm';
import { ProblemState } from '../../ui/state/problem-state';
import { Tag } from '../../ui/status/tag';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { browserOf } from './browser-of';

/** Where one is signed in, and the way to end that. */
@Component({
  selector: 'sp-signed-in-devices',
  imports: [Ago, MatButton, MatIcon, ProblemState, Tag, TranslocoPipe],
  templateUrl: './signed-in-devices.html',
  styleUrls: ['./tab.scss', './signed-in-devices.scss'],
})
export class SignedInDevices {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly sessions = resource({ loader: () => this.api.invoke(listSessions) });
  protected readonly browserOf = browserOf;
  protected readonly asProblem = asProblem;

  protected async end(session: SignedInDevice): Promise<void> {
    await this.act(() => this.api.invoke(endSession, { id: session.id }));
  }

  protected async endOthers(): Promise<void> {
    const text = (key: string): string => this.transloco.translate('account.sessions.endOthers.' + key);
    if (!(await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') }))) return;
    await this.act(() => this.api.invoke(endSessions, {}));
  }

  private async act(deed: () => Promise<void>): Promise<void> {
    if (await this.toasts.attempt(deed, this.transloco.translate('account.sessions.ended'))) this.sessions.reload();
  }
}
