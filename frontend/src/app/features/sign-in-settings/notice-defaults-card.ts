import { Component, computed, inject, resource } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getNoticeDefaults, setNoticeDefaults } from '../../core/api/functions';
import type { NoticeDefaults, NoticeRole } from '../../core/api/models';
import { asProblem } from '../../core/http/api-problem';
import { SessionStore } from '../../core/session/session-store';
import { ProblemState } from '../../ui/state/problem-state';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Toasts } from '../../ui/toast/toasts';

/** Which roles are told what by mail; a person can choose otherwise in the account. */
@Component({
  selector: 'sp-notice-defaults',
  imports: [ManagedTag, MatCheckbox, ProblemState, TranslocoPipe],
  template: `
    <section class="sp-card">
      <h2>{{ 'signInSettings.notices.title' | transloco }}</h2>
      <p class="sp-soft">{{ 'signInSettings.notices.text' | transloco }}</p>
      @if (managed()) {
        <p class="managed"><sp-managed /> {{ 'managed.why' | transloco }}</p>
      }
      @if (failed(); as problem) {
        <sp-problem [problem]="problem" (retry)="source.reload()" />
      }
      <table>
        <thead>
          <tr>
            <th>{{ 'signInSettings.notices.notice' | transloco }}</th>
            @for (role of roles(); track role) {
              <th>{{ 'role.' + role | transloco }}</th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track row.notice) {
            <tr>
              <th scope="row">{{ 'account.notices.of.' + row.notice | transloco }}</th>
              @for (role of roles(); track role) {
                <td>
                  <mat-checkbox
                    [checked]="row.roles.includes(role)"
                    [disabled]="managed()"
                    [aria-label]="
                      ('account.notices.of.' + row.notice | transloco) + ': ' + ('role.' + role | transloco)
                    "
                    (change)="choose(row.notice, role, $event.checked)"
                  />
                </td>
              }
            </tr>
          }
        </tbody>
      </table>
    </section>
  `,
  styleUrl: './card.scss',
})
export class NoticeDefaultsCard {
  private readonly api = inject(Api);
  private readonly session = inject(SessionStore);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly source = resource({ loader: () => this.api.invoke(getNoticeDefaults) });
  protected readonly failed = computed(() => (this.source.error() ? asProblem(this.source.error()) : null));
  protected readonly roles = computed((): readonly NoticeRole[] =>
    this.session.is('system-administrator') ? ['system-administrator'] : ['tenant-administrator', 'tenant-operator'],
  );
  protected readonly managed = computed(() => this.source.hasValue() && this.source.value().managed);
  private readonly notices = computed(() => (this.source.hasValue() ? this.source.value().notices : {}));
  protected readonly rows = computed(() =>
    Object.entries(this.notices()).map(([notice, roles]) => ({ notice, roles })),
  );

  protected async choose(notice: string, role: NoticeRole, told: boolean): Promise<void> {
    const others = this.notices()[notice]?.filter((other) => other !== role) ?? [];
    const body: NoticeDefaults = { notices: { ...this.notices(), [notice]: told ? [...others, role] : others } };
    await this.toasts.attempt(
      async () => this.source.set(await this.api.invoke(setNoticeDefaults, { body })),
      this.transloco.translate('signInSettings.saved'),
    );
  }
}
