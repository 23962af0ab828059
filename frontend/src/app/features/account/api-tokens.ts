import { Component, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { deleteApiToken, listApiTokens } from '../../core/api/functions';
import type { ApiToken } from '../../core/api/models';
import { pagedList } from '../../core/paging/paged-list';
import { Confirm } from '../../ui/dialog/confirm';
import { EmptyState } from '../../ui/state/empty-state';
import { ListState } from '../../ui/state/list-state';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { NewTokenDialog } from './new-token-dialog';

/** One's own tokens for scripts. */
@Component({
  selector: 'sp-api-tokens',
  imports: [Ago, EmptyState, ListState, MatButton, MatIcon, MatIconButton, TranslocoPipe],
  templateUrl: './api-tokens.html',
  styleUrl: './api-tokens.scss',
})
export class ApiTokens {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly list = pagedList(signal(null), (_all, cursor) => this.api.invoke(listApiTokens, cursor));

  protected async create(): Promise<void> {
    await firstValueFrom(this.dialog.open(NewTokenDialog, { width: '520px' }).afterClosed());
    void this.list.refresh();
  }

  protected async delete(token: ApiToken): Promise<void> {
    const text = (key: string): string => this.transloco.translate('tokens.delete.' + key, { name: token.name });
    if (!(await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') }))) return;
    const gone = await this.toasts.attempt(() => this.api.invoke(deleteApiToken, { id: token.id }), text('done'));
    if (gone) this.list.remove((shown) => shown.id === token.id);
  }
}
