import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { Connector } from '../../../core/api/models';
import { asProblem } from '../../../core/http/api-problem';
import type { JsonSchema } from '../../../ui/schema-form/json-schema';
import { Confirm } from '../../../ui/dialog/confirm';
import { EmptyState } from '../../../ui/state/empty-state';
import { ProblemState } from '../../../ui/state/problem-state';
import { Skeleton } from '../../../ui/state/skeleton';
import { ManagedTag } from '../../../ui/status/managed-tag';
import { Tag } from '../../../ui/status/tag';
import { Toasts } from '../../../ui/toast/toasts';
import { MailServersStore } from '../mail-servers-store';
import { changeOf, openPart, textOf } from './part-dialog';
import { PartsStore } from './parts-store';

const SCHEMA: JsonSchema = {
  type: 'object',
  required: ['name', 'host', 'port'],
  properties: {
    name: { type: 'string', maxLength: 255 },
    kind: { type: 'string', enum: ['http', 'socks5'], default: 'http' },
    host: { type: 'string', maxLength: 253, placeholder: 'proxy.example.org' },
    port: { type: 'integer', minimum: 1, maximum: 65_535, placeholder: '3128' },
    username: { type: 'string', maxLength: 255 },
    password: { type: 'string', maxLength: 1_000, secret: true },
    resolvesNames: { type: 'boolean', default: false },
    shared: { type: 'boolean', default: false },
    default: { type: 'boolean', default: false },
  },
};

/** Proxies that mails and token requests may go through. The system administrator keeps them; tenants choose among the shared. */
@Component({
  selector: 'sp-connectors-page',
  imports: [EmptyState, ManagedTag, MatButton, MatIcon, MatIconButton, ProblemState, Skeleton, Tag, TranslocoPipe],
  template: `
    <section class="sp-card">
      <header>
        <div class="words">
          <h2>{{ 'connectors.title' | transloco }}</h2>
          <p class="sp-soft small">{{ (page.isSystem ? 'connectors.leadSystem' : 'connectors.lead') | transloco }}</p>
        </div>
        @if (page.isSystem) {
          <button matButton="filled" type="button" (click)="open(null)">
            <mat-icon svgIcon="add" />{{ 'connectors.add' | transloco }}
          </button>
        }
      </header>
      @if (problem(); as one) {
        <sp-problem [problem]="one" (retry)="parts.connectorList.reload()" />
      } @else if (!parts.connectorList.hasValue()) {
        <sp-skeleton [rows]="2" />
      } @else {
        <ul>
          @for (connector of parts.connectors(); track connector.id) {
            <li>
              <mat-icon class="mark" svgIcon="lan" aria-hidden="true" />
              <div class="words">
                <p class="name">
                  {{ connector.name }}
                  @if (connector.default) {
                    <sp-tag tone="positive" icon="star-fill">{{ 'connectors.isDefault' | transloco }}</sp-tag>
                  }
                  @if (connector.shared && page.isSystem) {
                    <sp-tag icon="group">{{ 'connectors.isShared' | transloco }}</sp-tag>
                  }
                  @if (connector.managed) {
                    <sp-managed />
                  }
                </p>
                <p class="sp-soft small">
                  {{ 'connectors.kind.' + connector.kind | transloco }}
                  @if (connector.host) {
                    · <code>{{ connector.host }}:{{ connector.port }}</code>
                  }
                  @if (connector.username) {
                    · {{ connector.username }}
                  }
                </p>
              </div>
              @if (page.isSystem && !connector.managed) {
                <div class="ways">
                  <button
                    matIconButton
                    type="button"
                    [attr.aria-label]="('connectors.edit' | transloco) + ': ' + connector.name"
                    (click)="open(connector)"
                  >
                    <mat-icon svgIcon="edit" />
                  </button>
                  <button
                    matIconButton
                    type="button"
                    [attr.aria-label]="('connectors.delete.action' | transloco) + ': ' + connector.name"
                    (click)="delete(connector)"
                  >
                    <mat-icon svgIcon="delete" />
                  </button>
                </div>
              }
            </li>
          }
        </ul>
        @if (parts.connectors().length === 0) {
          <sp-empty-state
            icon="lan"
            [heading]="'connectors.empty.title' | transloco"
            [text]="(page.isSystem ? 'connectors.empty.system' : 'connectors.empty.tenant') | transloco"
          />
        }
      }
    </section>
  `,
  styleUrl: './part-list.scss',
})
export class ConnectorsPage {
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly page = inject(MailServersStore);
  protected readonly parts = inject(PartsStore);
  protected readonly problem = computed(() => {
    const error = this.parts.connectorList.error();
    return error ? asProblem(error) : null;
  });

  protected async open(connector: Connector | null): Promise<void> {
    await openPart(this.dialog, {
      title: connector ? 'connectors.editTitle' : 'connectors.add',
      texts: 'connectorForm.',
      schema: SCHEMA,
      value: connector ? valueOf(connector) : {},
      secrets: new Map(connector?.password ? [['/password', connector.password]] : []),
      save: (value) => {
        const username = textOf(value['username']);
        return this.parts.saveConnector(connector, {
          name: textOf(value['name']),
          kind: value['kind'] === 'socks5' ? 'socks5' : 'http',
          host: textOf(value['host']),
          port: Number(value['port'] ?? 0),
          ...(username === '' ? {} : { username }),
          password: changeOf(value['password']),
          resolvesNames: value['resolvesNames'] === true,
          shared: value['shared'] === true,
          default: value['default'] === true,
        });
      },
    });
  }

  protected async delete(connector: Connector): Promise<void> {
    const words = (part: string): string =>
      this.transloco.translate('connectors.delete.' + part, { name: connector.name });
    if (!(await this.confirm.ask({ title: words('title'), text: words('text'), action: words('action') }))) return;
    await this.toasts.attempt(() => this.parts.deleteConnector(connector), words('done'));
  }
}

const valueOf = ({ name, kind, host, port, username, resolvesNames, shared, default: isDefault }: Connector) => ({
  ...{ name, kind, resolvesNames: resolvesNames === true, shared, default: isDefault },
  ...{ host: host ?? undefined, port: port ?? undefined, username: username ?? undefined },
});
