import { Injectable, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { clearInbox, deleteInboxMessage, listInboxMessages } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { Toasts } from '../../ui/toast/toasts';

/** The mails that the sandbox kept. */
@Injectable()
export class InboxStore {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  readonly list = pagedList(signal(null), (_all, cursor) => this.api.invoke(listInboxMessages, cursor));
  readonly mayDelete = computed(() => this.session.is('system-administrator', 'tenant-administrator'));

  constructor() {
    live('inbox', this.list.quietly);
  }

  async delete(id: string): Promise<boolean> {
    const deed = () => this.api.invoke(deleteInboxMessage, { id });
    const gone = await this.toasts.attempt(deed, this.transloco.translate('inbox.deleted'));
    if (gone) this.list.remove((message) => message.id === id);
    return gone;
  }

  async deleteAll(): Promise<boolean> {
    const text = (key: string): string => this.transloco.translate('inbox.deleteAll.' + key);
    const sure = await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') });
    if (!sure) return false;
    const gone = await this.toasts.attempt(() => this.api.invoke(clearInbox), text('done'));
    if (gone) void this.list.refresh();
    return gone;
  }
}
