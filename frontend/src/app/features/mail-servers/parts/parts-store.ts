import { Injectable, computed, inject, resource } from '@angular/core';
import { Api } from '../../../core/api/api';
import {
  createMailConnector,
  createMailSecret,
  deleteMailConnector,
  deleteMailSecret,
  listMailConnectors,
  listMailSecrets,
  saveMailConnector,
  saveMailSecret,
} from '../../../core/api/functions';
import type { Connector, ConnectorInput, NamedSecret, NamedSecretInput } from '../../../core/api/models';
import { ifMatch } from '../../../core/http/if-match';

/** What several mail servers can share: named secrets and connectors. */
@Injectable()
export class PartsStore {
  private readonly api = inject(Api);
  readonly secretList = resource({ loader: () => this.api.invoke(listMailSecrets) });
  readonly connectorList = resource({ loader: () => this.api.invoke(listMailConnectors) });
  readonly secrets = computed(() => (this.secretList.hasValue() ? this.secretList.value().items : []));
  readonly connectors = computed(() => (this.connectorList.hasValue() ? this.connectorList.value().items : []));

  async saveSecret(before: NamedSecret | null, body: NamedSecretInput): Promise<void> {
    if (before) await this.api.invoke(saveMailSecret, { id: before.id, body, 'If-Match': ifMatch(before) });
    else await this.api.invoke(createMailSecret, { body });
    this.secretList.reload();
  }

  async saveConnector(before: Connector | null, body: ConnectorInput): Promise<void> {
    if (before) await this.api.invoke(saveMailConnector, { id: before.id, body, 'If-Match': ifMatch(before) });
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
}
