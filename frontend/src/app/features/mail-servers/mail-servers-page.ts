import { Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { filter } from 'rxjs';
import { Page } from '../../ui/page/page';
import { MailServersStore } from './mail-servers-store';
import { PartsStore } from './parts/parts-store';

const AREAS = ['applications', 'secrets', 'connectors'] as const;

/** Everything about mail servers, in the scope of who is signed in: the system's, or the tenant's. */
@Component({
  selector: 'sp-mail-servers-page',
  imports: [Page, RouterLink, RouterLinkActive, RouterOutlet, TranslocoPipe],
  providers: [MailServersStore, PartsStore],
  template: `
    <sp-page [heading]="'nav.mailServers' | transloco" [lead]="lead() | transloco">
      <nav pageActions [attr.aria-label]="'mailServers.areas' | transloco">
        <a routerLink="/mail-servers" [class.active]="atServers()" [attr.aria-current]="atServers() ? 'page' : null">{{
          'mailServers.area.servers' | transloco
        }}</a>
        @for (area of areas; track area) {
          <a [routerLink]="['/mail-servers', area]" routerLinkActive="active" ariaCurrentWhenActive="page">{{
            'mailServers.area.' + area | transloco
          }}</a>
        }
      </nav>
      <router-outlet />
    </sp-page>
  `,
  styleUrl: './mail-servers-page.scss',
})
export class MailServersPage {
  private readonly store = inject(MailServersStore);
  protected readonly areas = AREAS;
  private readonly router = inject(Router);
  private readonly moved = toSignal(this.router.events.pipe(filter((event) => event instanceof NavigationEnd)));
  /** A server's own address is anything that names none of the other parts. */
  protected readonly atServers = computed(() => {
    this.moved();
    return !AREAS.some((area) => this.router.url.startsWith('/mail-servers/' + area));
  });
  protected readonly lead = computed(() =>
    this.store.isSystem ? 'mailServers.lead.system' : 'mailServers.lead.tenant',
  );
}
