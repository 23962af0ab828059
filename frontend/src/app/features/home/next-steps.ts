import { Component, computed, inject, resource } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import {
  countDeliveries,
  listDeadLetters,
  listDevices,
  listMailServers,
  listRuleChains,
} from '../../core/api/functions';
import type { Role } from '../../core/api/models';
import { SessionStore } from '../../core/session/session-store';
import { Command } from '../../ui/code/command';
import { type Facts, stepsOf } from './steps';

const ONE = { limit: 1 } as const;

/** What this person could do now, from how far the set-up is and what went wrong. */
@Component({
  selector: 'sp-next-steps',
  imports: [Command, MatIcon, RouterLink, TranslocoPipe],
  templateUrl: './next-steps.html',
  styleUrl: './next-steps.scss',
  host: { class: 'sp-card' },
})
export class NextSteps {
  private readonly api = inject(Api);
  private readonly session = inject(SessionStore);
  protected readonly tryIt = computed(() => (this.session.is('tenant-administrator') ? this.session.tryIt() : null));
  private readonly facts = resource({
    params: () => this.session.role() ?? undefined,
    loader: ({ params }) => this.read(params),
  });
  protected readonly steps = computed(() => {
    const role = this.session.role();
    return role && this.facts.hasValue() ? stepsOf(role, this.facts.value()) : [];
  });

  private async read(role: Role): Promise<Facts> {
    const [devices, chains, letters, servers, mails] = await Promise.all([
      role === 'system-administrator' ? null : this.api.invoke(listDevices, ONE),
      staff(role) ? this.api.invoke(listRuleChains) : null,
      staff(role) ? this.api.invoke(listDeadLetters, ONE) : null,
      administrator(role) ? this.api.invoke(listMailServers) : null,
      role === 'customer-user' ? null : this.api.invoke(countDeliveries),
    ]);
    return {
      devices: devices ? devices.items.length > 0 : true,
      rootChain: chains ? chains.items.some((chain) => chain.root) : true,
      brokenChain: chains?.items.some((chain) => chain.problems.some(({ level }) => level === 'error')) ?? false,
      deadLetters: (letters?.items.length ?? 0) > 0,
      mailServer: servers ? servers.items.some((server) => server.active && server.isDefault) : true,
      refusedMails: (mails?.refused ?? 0) > 0,
    };
  }
}

function staff(role: Role): boolean {
  return role === 'tenant-administrator' || role === 'tenant-operator';
}

function administrator(role: Role): boolean {
  return role === 'tenant-administrator' || role === 'system-administrator';
}
