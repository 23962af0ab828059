import { Component, computed, inject, resource, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listNotices } from '../../core/api/functions';
import type { ActiveNotice } from '../../core/api/models';
import { live } from '../../core/events/live';
import { SessionStore } from '../../core/session/session-store';
import type { IconName } from '../../ui/icon/icons';

const ICONS: Readonly<Record<ActiveNotice['severity'], IconName>> = {
  info: 'info',
  warning: 'warning-fill',
  error: 'error-fill',
};

/** What is wrong right now and the person who is signed in can put right: above every page, until it is put right. */
@Component({
  selector: 'sp-notice-banners',
  imports: [MatButton, MatIcon, MatIconButton, RouterLink, TranslocoPipe],
  template: `
    @if (shown().length > 0) {
      <ul [attr.aria-label]="'notices.label' | transloco">
        @for (notice of shown(); track notice.id) {
          <li [class]="notice.severity">
            <mat-icon [svgIcon]="icons[notice.severity]" aria-hidden="true" />
            <span class="words">{{ 'notices.code.' + notice.code | transloco: words(notice) }}</span>
            @if (notice.page; as page) {
              <a matButton [routerLink]="page">{{ 'notices.open' | transloco }}</a>
            }
            <button matIconButton type="button" [attr.aria-label]="'notices.hide' | transloco" (click)="hide(notice)">
              <mat-icon svgIcon="close" />
            </button>
          </li>
        }
      </ul>
    }
  `,
  styleUrl: './notice-banners.scss',
})
export class NoticeBanners {
  private readonly api = inject(Api);
  private readonly transloco = inject(TranslocoService);
  private readonly mayAct = inject(SessionStore).is('system-administrator', 'tenant-administrator');
  private readonly hidden = signal<ReadonlySet<string>>(new Set());
  private readonly notices = resource({
    params: () => this.mayAct || undefined,
    loader: () => this.api.invoke(listNotices),
  });
  protected readonly icons = ICONS;
  /** A list that cannot be read just now is no banner: the page itself says what is wrong. */
  protected readonly shown = computed(() => {
    const items = this.notices.hasValue() ? this.notices.value().items : [];
    return items.filter(({ id }) => !this.hidden().has(id));
  });

  constructor() {
    if (!this.mayAct) return;
    live('notices', this.notices);
    live('mail-servers', this.notices);
  }

  /** What is limited comes as a code and is shown by its name. */
  protected words({ params }: ActiveNotice): ActiveNotice['params'] {
    const what = params['what'];
    return what === undefined ? params : { ...params, what: this.transloco.translate('notices.limit.' + String(what)) };
  }

  protected hide({ id }: ActiveNotice): void {
    this.hidden.update((hidden) => new Set([...hidden, id]));
  }
}
