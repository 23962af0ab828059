import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../core/api/api';
import { deleteOAuthApplication } from '../../../core/api/functions';
import type { MailProviderTemplate, OAuthApplication } from '../../../core/api/models';
import { asProblem } from '../../../core/http/api-problem';
import { Confirm } from '../../../ui/dialog/confirm';
import { EmptyState } from '../../../ui/state/empty-state';
import { ProblemState } from '../../../ui/state/problem-state';
import { Skeleton } from '../../../ui/state/skeleton';
import { ManagedTag } from '../../../ui/status/managed-tag';
import { Tag } from '../../../ui/status/tag';
import { Ago } from '../../../ui/time/ago';
import { Toasts } from '../../../ui/toast/toasts';
import { MailServersStore } from '../mail-servers-store';
import { ProviderMark } from '../providers/provider-mark';
import { type ApplicationData, ApplicationDialog } from './application-dialog';

/** Who Signalpost is at the providers: client ids and secrets, each once for all servers that sign in with it. */
@Component({
  selector: 'sp-applications-page',
  imports: [
    Ago,
    EmptyState,
    ManagedTag,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    ProblemState,
    ProviderMark,
    Skeleton,
    Tag,
    TranslocoPipe,
  ],
  templateUrl: './applications-page.html',
  styleUrl: '../parts/part-list.scss',
})
export class ApplicationsPage {
  private readonly api = inject(Api);
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly page = inject(MailServersStore);
  protected readonly rows = computed(() => {
    const known = this.page.applications.hasValue() ? this.page.applications.value().items : [];
    return known.map((application) => ({
      application,
      template: this.page.template(application.provider),
      own: this.page.isSystem || application.scope === 'tenant',
      late: application.secretExpiresAt !== null && application.secretExpiresAt < Date.now(),
    }));
  });
  protected readonly providers = computed(() => this.page.providers().filter(({ oauth }) => oauth !== undefined));
  protected readonly problem = computed(() => {
    const error = this.page.applications.error();
    return error ? asProblem(error) : null;
  });

  protected async open(template: MailProviderTemplate | null, application: OAuthApplication | null): Promise<void> {
    if (!template) return;
    const data: ApplicationData = { application, template, isSystem: this.page.isSystem };
    const dialog = this.dialog.open<ApplicationDialog, ApplicationData, OAuthApplication>(ApplicationDialog, {
      data,
      width: '640px',
    });
    if (await firstValueFrom(dialog.afterClosed())) this.page.applications.reload();
  }

  protected async delete({ id, name }: OAuthApplication): Promise<void> {
    const text = (part: string): string => this.transloco.translate('applications.delete.' + part, { name });
    if (!(await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') }))) return;
    await this.toasts.attempt(() => this.api.invoke(deleteOAuthApplication, { id }), text('done'));
    this.page.applications.reload();
  }
}
