import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { NamedSecret } from '../../../core/api/models';
import { asProblem } from '../../../core/http/api-problem';
import { Confirm } from '../../../ui/dialog/confirm';
import { EmptyState } from '../../../ui/state/empty-state';
import { ProblemState } from '../../../ui/state/problem-state';
import { Skeleton } from '../../../ui/state/skeleton';
import { ManagedTag } from '../../../ui/status/managed-tag';
import { Ago } from '../../../ui/time/ago';
import { Toasts } from '../../../ui/toast/toasts';
import { changeOf, openPart, textOf } from './part-dialog';
import { PartsStore } from './parts-store';

/** Secrets that several servers may refer to by name: changed once, in effect everywhere. */
@Component({
  selector: 'sp-secrets-page',
  imports: [
    Ago,
    EmptyState,
    ManagedTag,
    MatButton,
    MatIcon,
    MatIconButton,
    ProblemState,
    RouterLink,
    Skeleton,
    TranslocoPipe,
  ],
  template: `
    <section class="sp-card">
      <header>
        <div class="words">
          <h2>{{ 'secrets.title' | transloco }}</h2>
          <p class="sp-soft small">{{ 'secrets.lead' | transloco }}</p>
        </div>
        <button matButton="filled" type="button" (click)="open(null)">
          <mat-icon svgIcon="add" />{{ 'secrets.add' | transloco }}
        </button>
      </header>
      @if (problem(); as one) {
        <sp-problem [problem]="one" (retry)="parts.secretList.reload()" />
      } @else if (!parts.secretList.hasValue()) {
        <sp-skeleton [rows]="2" />
      } @else {
        <ul>
          @for (secret of parts.secrets(); track secret.id) {
            <li>
              <mat-icon class="mark" svgIcon="key" aria-hidden="true" />
              <div class="words">
                <p class="name">
                  {{ secret.name }}
                  @if (secret.managed) {
                    <sp-managed />
                  }
                </p>
                @if (secret.description) {
                  <p class="sp-soft small">{{ secret.description }}</p>
                }
                <p class="sp-soft small">
                  {{ 'secrets.changed' | transloco }} <sp-ago [at]="secret.changedAt" />
                  @for (server of secret.usedBy; track server.id) {
                    · <a [routerLink]="['/mail-servers', server.id]">{{ server.name }}</a>
                  } @empty {
                    · {{ 'secrets.unused' | transloco }}
                  }
                </p>
              </div>
              @if (!secret.managed) {
                <div class="ways">
                  <button
                    matIconButton
                    type="button"
                    [attr.aria-label]="('secrets.edit' | transloco) + ': ' + secret.name"
                    (click)="open(secret)"
                  >
                    <mat-icon svgIcon="edit" />
                  </button>
                  <button
                    matIconButton
                    type="button"
                    [attr.aria-label]="('secrets.delete.action' | transloco) + ': ' + secret.name"
                    (click)="delete(secret)"
                  >
                    <mat-icon svgIcon="delete" />
                  </button>
                </div>
              }
            </li>
          }
        </ul>
        @if (parts.secrets().length === 0) {
          <sp-empty-state
            icon="key"
            [heading]="'secrets.empty.title' | transloco"
            [text]="'secrets.empty.next' | transloco"
          />
        }
      }
    </section>
  `,
  styleUrl: './part-list.scss',
})
export class SecretsPage {
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly parts = inject(PartsStore);
  protected readonly problem = computed(() => {
    const error = this.parts.secretList.error();
    return error ? asProblem(error) : null;
  });

  protected async open(secret: NamedSecret | null): Promise<void> {
    await openPart(this.dialog, {
      title: secret ? 'secrets.editTitle' : 'secrets.add',
      texts: 'secretForm.',
      schema: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 255 },
          description: { type: 'string', maxLength: 1_000, widget: 'text' },
          value: { type: 'string', secret: true, maxLength: 20_000 },
        },
      },
      value: secret ? { name: secret.name, description: secret.description } : {},
      secrets: new Map(secret ? [['/value', { isSet: true, changedAt: secret.changedAt }]] : []),
      save: ({ name, description, value }) =>
        this.parts.saveSecret(secret, { name: textOf(name), description: textOf(description), value: changeOf(value) }),
    });
  }

  protected async delete(secret: NamedSecret): Promise<void> {
    const words = (part: string): string => this.transloco.translate('secrets.delete.' + part, { name: secret.name });
    if (!(await this.confirm.ask({ title: words('title'), text: words('text'), action: words('action') }))) return;
    await this.toasts.attempt(() => this.parts.deleteSecret(secret), words('done'));
  }
}
