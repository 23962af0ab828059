import { Component, computed, effect, inject, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { MatTooltip } from '@angular/material/tooltip';
import { Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { EventStream } from '../core/events/event-stream';
import { SessionStore } from '../core/session/session-store';
import { type Scheme, Theme } from '../core/theme/theme';
import { AREAS, type Area } from '../pages';
import { Logo } from '../ui/brand/logo';
import type { IconName } from '../ui/icon/icons';
import { Toasts } from '../ui/toast/toasts';
import { NoticeBanners } from './notices/notice-banners';

const GROUPS = ['watch', 'wire', 'mail', 'people'] as const;

/** How many areas the bar at the bottom of a phone shows beside home; the rest is behind "More". */
const BAR = 3;

const SCHEME_ICONS: Readonly<Record<Scheme, IconName>> = { auto: 'contrast', light: 'light-mode', dark: 'dark-mode' };

/** The frame around every page of a signed-in person: navigation, who they are, and whether live updates arrive. */
@Component({
  selector: 'sp-shell',
  imports: [
    Logo,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    MatTooltip,
    NoticeBanners,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    TranslocoPipe,
  ],
  templateUrl: './shell.html',
  host: { '(keydown.escape)': 'closeMore()' },
  styleUrls: ['./shell.scss', './shell-narrow.scss'],
})
export class Shell {
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly theme = inject(Theme);
  protected readonly lost = inject(EventStream).lost;

  protected readonly user = computed(() => this.session.current()?.user);
  protected readonly tenant = computed(() => this.session.current()?.tenant.name ?? '');
  protected readonly schemeIcon = computed(() => SCHEME_ICONS[this.theme.scheme()]);
  protected readonly areas = computed(() => {
    const session = this.session.current();
    return session ? AREAS.filter((area) => area.permitted(session)) : [];
  });
  protected readonly groups = computed(() => GROUPS.map((group) => grouped(group, this.areas())).filter(notEmpty));
  protected readonly bar = computed(() =>
    this.areas()
      .filter((area) => area.frequent)
      .slice(0, BAR),
  );
  protected readonly more = signal(false);

  constructor() {
    // A stream may be refused because the session ended: an idle page would else wait for ever.
    effect(() => {
      if (this.lost()) void this.session.verify();
    });
  }

  protected closeMore(): void {
    this.more.set(false);
  }

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.router.navigateByUrl('/sign-in');
    } catch (error) {
      this.toasts.failed(error);
    }
  }
}

function grouped(name: Area['group'], areas: readonly Area[]) {
  return { name, areas: areas.filter((area) => area.group === name) };
}

function notEmpty(group: { readonly areas: readonly Area[] }): boolean {
  return group.areas.length > 0;
}
