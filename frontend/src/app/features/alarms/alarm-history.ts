import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { changeAlarmComment, deleteAlarmComment, listAlarmComments, writeAlarmComment } from '../../core/api/functions';
import type { AlarmComment } from '../../core/api/models';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { CommentBox } from './comment-box';
import { HistoryEntry } from './history-entry';

/** What became of an alarm and what people wrote about it, the newest last, with room for one more comment. */
@Component({
  selector: 'sp-alarm-history',
  imports: [
    Ago,
    CommentBox,
    HistoryEntry,
    MatButton,
    MatIcon,
    MatIconButton,
    MatTooltip,
    ProblemState,
    Skeleton,
    TranslocoPipe,
  ],
  templateUrl: './alarm-history.html',
  styleUrl: './alarm-history.scss',
})
export class AlarmHistory {
  readonly alarmId = input.required<string>();

  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly confirm = inject(Confirm);
  private readonly transloco = inject(TranslocoService);
  private readonly mayDeleteAll = inject(SessionStore).is('tenant-administrator');
  protected readonly list = pagedList(this.alarmId, (id, cursor) =>
    this.api.invoke(listAlarmComments, { id, limit: 30, ...cursor }),
  );
  /** The API gives the newest first. */
  protected readonly entries = computed(() => this.list.items().toReversed());
  /** Id of the comment that is being changed. */
  protected readonly editing = signal('');

  constructor() {
    live('alarms', this.list.quietly, this.alarmId);
  }

  protected mayDelete(entry: AlarmComment): boolean {
    return entry.kind === 'comment' && (entry.own || this.mayDeleteAll);
  }

  protected readonly write = (text: string): Promise<boolean> =>
    this.attempt(
      () => this.api.invoke(writeAlarmComment, { id: this.alarmId(), body: { text } }),
      'alarms.history.written',
    );

  protected readonly change = async (text: string): Promise<boolean> => {
    const path = { id: this.alarmId(), commentId: this.editing() };
    const deed = () => this.api.invoke(changeAlarmComment, { ...path, body: { text } });
    const worked = await this.attempt(deed, 'alarms.history.changed');
    if (worked) this.editing.set('');
    return worked;
  };

  protected async delete({ id: commentId }: AlarmComment): Promise<void> {
    const sure = await this.confirm.ask({
      title: this.transloco.translate('alarms.history.deleteTitle'),
      text: this.transloco.translate('alarms.history.deleteText'),
      action: this.transloco.translate('alarms.history.delete'),
    });
    const deed = () => this.api.invoke(deleteAlarmComment, { id: this.alarmId(), commentId });
    if (sure) await this.attempt(deed, 'alarms.history.deleted');
  }

  private async attempt(deed: () => Promise<unknown>, done: string): Promise<boolean> {
    const worked = await this.toasts.attempt(deed, this.transloco.translate(done));
    if (worked) await this.list.refresh();
    return worked;
  }
}
