import { Component, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { deleteDeadLetter, listDeadLetters, replayDeadLetter } from '../../core/api/functions';
import type { DeadLetter } from '../../core/api/models';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { JsonView } from '../../ui/json/json-view';
import { Page } from '../../ui/page/page';
import { EmptyState } from '../../ui/state/empty-state';
import { ListState } from '../../ui/state/list-state';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';

/** Messages that no rule chain could finish: look, replay, or give up. */
@Component({
  selector: 'sp-dead-letters-page',
  imports: [Ago, EmptyState, JsonView, ListState, MatButton, MatIcon, MatIconButton, Page, TranslocoPipe],
  templateUrl: './dead-letters-page.html',
  styleUrl: './dead-letters-page.scss',
})
export class DeadLettersPage {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  protected readonly list = pagedList(signal(null), (_all, cursor) => this.api.invoke(listDeadLetters, cursor));
  protected readonly mayChange = computed(() => this.session.is('tenant-administrator'));
  /** The one whose content is unfolded. */
  protected readonly unfolded = signal<string | null>(null);

  constructor() {
    live('dead-letters', this.list.quietly);
  }

  protected fold(letter: DeadLetter): void {
    this.unfolded.update((now) => (now === letter.id ? null : letter.id));
  }

  protected replay(letter: DeadLetter): Promise<void> {
    return this.settle(letter, () => this.api.invoke(replayDeadLetter, { id: letter.id }), 'deadLetters.replayed');
  }

  protected async delete(letter: DeadLetter): Promise<void> {
    const text = (key: string): string => this.transloco.translate('deadLetters.delete.' + key);
    if (!(await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') }))) return;
    await this.settle(letter, () => this.api.invoke(deleteDeadLetter, { id: letter.id }), 'deadLetters.deleted');
  }

  private async settle(letter: DeadLetter, deed: () => Promise<unknown>, done: string): Promise<void> {
    const gone = await this.toasts.attempt(deed, this.transloco.translate(done));
    if (gone) this.list.remove((shown) => shown.id === letter.id);
  }
}
