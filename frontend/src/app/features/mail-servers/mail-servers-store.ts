import { Injectable, computed, inject, resource } from '@angular/core';
import { Api } from '../../core/api/api';
import { listMailProviders, listMailServers, listOAuthApplications } from '../../core/api/functions';
import type { MailProviderTemplate } from '../../core/api/models';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { SessionStore } from '../../core/session/session-store';
import { MailServerApi } from './mail-server-api';

/** What all parts of the page share: the servers, what can be said about one, and what is known of providers. */
@Injectable()
export class MailServersStore {
  private readonly api = inject(Api);
  private readonly serverApi = inject(MailServerApi);
  readonly isSystem = inject(SessionStore).is('system-administrator');

  readonly list = resource({ loader: () => this.api.invoke(listMailServers) });
  readonly catalogue = resource({ loader: () => this.api.invoke(listMailProviders) });
  readonly form = resource({ loader: () => this.serverApi.form() });
  readonly applications = resource({ loader: () => this.api.invoke(listOAuthApplications) });

  readonly servers = computed(() => (this.list.hasValue() ? this.list.value().items : []));
  readonly providers = computed(() => (this.catalogue.hasValue() ? this.catalogue.value().items : []));
  readonly ready = computed(() => this.list.hasValue() && this.catalogue.hasValue() && this.form.hasValue());
  readonly problem = computed(() => {
    const error = [this.list, this.catalogue, this.form].map((part) => part.error()).find(Boolean);
    return error && !this.ready() ? asProblem(error) : null;
  });
  /** The server that is opened when nobody has chosen one. */
  readonly first = computed(() => this.servers().find(({ isDefault }) => isDefault) ?? this.servers()[0] ?? null);

  constructor() {
    live('mail-servers', this.list);
    live('mail-servers', this.applications);
  }

  reload(): void {
    for (const part of [this.list, this.catalogue, this.form]) if (part.error()) part.reload();
  }

  /** At once, before the list is read again: nobody is led to what is gone. */
  remove(id: string): void {
    this.list.update((list) => list && { ...list, items: list.items.filter((server) => server.id !== id) });
    this.list.reload();
  }

  template(provider: unknown): MailProviderTemplate | null {
    return this.providers().find(({ id }) => id === provider) ?? null;
  }
}
