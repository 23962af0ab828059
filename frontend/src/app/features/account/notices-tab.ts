import { Component, computed, inject, resource } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { chooseAccountNotices, getAccountNotices } from '../../core/api/functions';
import type { AccountNotice, NoticeChoices } from '../../core/api/models';
import { asProblem } from '../../core/http/api-problem';
import { Choice } from '../../ui/choice/choice';
import { ProblemState } from '../../ui/state/problem-state';
import { Toasts } from '../../ui/toast/toasts';

const CHOICES = ['role', 'yes', 'no'] as const;
type NoticeChoice = (typeof CHOICES)[number];
const VALUES: Readonly<Record<NoticeChoice, boolean | null>> = { role: null, yes: true, no: false };

/** What one is told about by mail, besides mails about one's own account. */
@Component({
  selector: 'sp-notices-tab',
  imports: [Choice, ProblemState, TranslocoPipe],
  template: `
    <section class="sp-card part">
      <h2>{{ 'account.notices.title' | transloco }}</h2>
      <p class="sp-soft">{{ 'account.notices.text' | transloco }}</p>
      @if (notices.error(); as error) {
        <sp-problem [problem]="asProblem(error)" (retry)="notices.reload()" />
      }
      <ul>
        @for (item of items(); track item.notice) {
          <li>
            <div class="words">{{ 'account.notices.of.' + item.notice | transloco }}</div>
            <sp-choice
              [options]="item.options"
              [value]="item.choice"
              [label]="'account.notices.of.' + item.notice | transloco"
              (valueChange)="choose(item.notice, $event)"
            />
          </li>
        }
      </ul>
    </section>
  `,
  styleUrl: './tab.scss',
})
export class NoticesTab {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly asProblem = asProblem;
  protected readonly notices = resource({ loader: () => this.api.invoke(getAccountNotices) });
  protected readonly items = computed(() =>
    (this.notices.hasValue() ? this.notices.value().items : []).map((item) => ({
      notice: item.notice,
      choice: choiceOf(item),
      options: CHOICES.map((value) => ({ value, label: this.label(value, item.byRole) })),
    })),
  );

  protected async choose(notice: AccountNotice['notice'], choice: NoticeChoice): Promise<void> {
    const chosen: NoticeChoices['notices'] = {};
    for (const item of this.notices.value()?.items ?? []) chosen[item.notice] = item.choice;
    chosen[notice] = VALUES[choice];
    try {
      this.notices.set(await this.api.invoke(chooseAccountNotices, { body: { notices: chosen } }));
    } catch (error) {
      this.toasts.failed(error);
      this.notices.reload();
    }
  }

  private label(value: NoticeChoice, byRole: boolean): string {
    const key = value === 'role' ? (byRole ? 'roleYes' : 'roleNo') : value;
    return this.transloco.translate('account.notices.' + key);
  }
}

function choiceOf({ choice }: AccountNotice): NoticeChoice {
  return CHOICES.find((name) => VALUES[name] === choice) ?? 'role';
}
