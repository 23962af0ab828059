import { Component, computed, inject } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { MailServerSummary } from '../../core/api/models';
import { MailServersStore } from './mail-servers-store';
import { ProviderMark } from './providers/provider-mark';

/** The servers of this scope side by side, and the chosen one below. */
@Component({
  selector: 'sp-server-tabs',
  imports: [MatIcon, MatTooltip, ProviderMark, RouterLink, RouterLinkActive, RouterOutlet, TranslocoPipe],
  templateUrl: './server-tabs.html',
  styleUrl: './server-tabs.scss',
})
export class ServerTabs {
  protected readonly store = inject(MailServersStore);
  protected readonly tabs = computed(() =>
    this.store.servers().map((server) => ({
      server,
      initials: this.store.template(server.provider)?.initials ?? '',
      worry: worryOf(server),
    })),
  );
}

/** Why somebody should look at a server, worst first. */
function worryOf({ problems, grantState, active }: MailServerSummary): 'bad' | 'soon' | null {
  if (!active) return null;
  if (problems.length > 0 || grantState === 'needs-consent' || grantState === 'failing') return 'bad';
  return grantState === 'expiring' || grantState === 'none' || grantState === 'waiting-for-consent' ? 'soon' : null;
}
