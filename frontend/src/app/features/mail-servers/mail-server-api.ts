import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { deleteMailServer, getMailServer, getMailServerForm, getMailServerUsage } from '../../core/api/functions';
import type { MailServer as FullMailServer, MailServerForm, MailServerUsage } from '../../core/api/models';
import { ifMatch } from '../../core/http/if-match';
import type { JsonObject } from '../../ui/schema-form/json-value';

/** The form is made of the schema that the server gives, so to the page settings are any JSON object. */
export type MailServer = Omit<FullMailServer, 'settings'> & { readonly settings: JsonObject };
export type MailServerIdentity = Pick<MailServer, 'name' | 'description' | 'default' | 'fallback' | 'active'>;
export type MailServerInput = MailServerIdentity & { readonly settings: JsonObject };

const SERVERS = '/api/mail/servers';

/** Reads and writes of single mail servers; a write names the revision that it changes. */
@Injectable({ providedIn: 'root' })
export class MailServerApi {
  private readonly api = inject(Api);
  private readonly http = inject(HttpClient);

  form(): Promise<MailServerForm> {
    return this.api.invoke(getMailServerForm);
  }

  get(id: string): Promise<MailServer> {
    return this.api.invoke(getMailServer, { id });
  }

  create(input: MailServerInput): Promise<MailServer> {
    return firstValueFrom(this.http.post<MailServer>(SERVERS, input));
  }

  /** @param revision that the change was made of; the server answers 412 when it is another one by now */
  save(id: string, revision: number, input: MailServerInput): Promise<MailServer> {
    return firstValueFrom(
      this.http.put<MailServer>(`${SERVERS}/${id}`, input, { headers: { 'If-Match': ifMatch({ revision }) } }),
    );
  }

  usage(id: string): Promise<MailServerUsage> {
    return this.api.invoke(getMailServerUsage, { id });
  }

  /** @param replacementId takes over what uses the server */
  async delete(id: string, replacementId: string | null): Promise<void> {
    await this.api.invoke(deleteMailServer, { id, ...(replacementId === null ? {} : { replacementId }) });
  }
}
