import { HttpClient } from '@angular/common/http';
import { Injectable, computed, inject, resource } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../core/api/api';
import {
  createMailConnector,
  createMailSecret,
  deleteMailConnector,
  deleteMailSecret,
  listMailConnectors,
  listMailSecrets,
} from '../../../core/api/functions';
import type { Connector, ConnectorInput, NamedSecret, NamedSecretInput } from '../../../core/api/models';
import { ifMatch } from '../mail-server-api';

/** What several mail servers can share: named secrets and connectors. */
@Injectable()
export class PartsStore {
  private readonly api = inject(Api);
  private readonly http = inject(HttpClient);
  readonly secretList = resource({ loader: () => this.api.invoke(listMailSecrets) });
  readonly connectorList = resource({ loader: () => this.api.invoke(listMailConnectors) });
  readonly secrets = computed(() => (this.secretList.hasValue() ? this.secretList.value().items : []));
  readonly connectors = computed(() => (this.connectorList.hasValue() ? this.connectorList.value().items : []));

  async saveSecret(before: NamedSecret | null, body: NamedSecretInput): Promise<void> {
    if (before) await this.put('/api/mail/secrets', before, body);
    else await this.api.invoke(createMailSecret, { body });
    this.secretList.reload();
  }

  async saveConnector(before: Connector | null, body: ConnectorInput): Promise<void> {
    if (before) await this.put('/api/mail/connectors', before, body);
    else await this.api.invoke(createMailConnector, { body });
    this.connectorList.reload();
  }

  async deleteSecret({ id }: NamedSecret): Promise<void> {
    await this.api.invoke(deleteMailSecret, { id });
    this.secretList.reload();
  }

  async deleteConnector({ id }: Connector): Promise<void> {
    await this.api.invoke(deleteMailConnector, { id });
    this.connectorList.reload();
  }

  private async put(
    url: string,
    before: { readonly id: string; readonly revision: number },
    body: object,
  ): Promise<void> {
    await firstValueFrom(this.http.put(`${url}/${before.id}`, body, { headers: ifMatch(before.revision) }));
  }
}
