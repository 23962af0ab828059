import { Component, computed, inject, resource, signal } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getSignInPolicy, saveSignInPolicy } from '../../core/api/functions';
import type { Role } from '../../core/api/models';
import { asProblem } from '../../core/http/api-problem';
import { SessionStore } from '../../core/session/session-store';
import { ProblemState } from '../../ui/state/problem-state';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Toasts } from '../../ui/toast/toasts';

const OF_A_TENANT: readonly Role[] = ['tenant-administrator', 'tenant-operator', 'customer-user'];

/** Which roles need a second factor; what the system administrator asks for everywhere cannot be taken back here. */
@Component({
  selector: 'sp-second-factor-policy',
  imports: [ManagedTag, MatCheckbox, ProblemState, TranslocoPipe],
  template: `
    <section class="sp-card">
      <h2>{{ 'signInSettings.policy.title' | transloco }}</h2>
      <p class="sp-soft">{{ 'signInSettings.policy.text' | transloco }}</p>
      @if (managed()) {
        <p class="managed"><sp-managed /> {{ 'managed.why' | transloco }}</p>
      }
      @if (failed(); as problem) {
        <sp-problem [problem]="problem" (retry)="policy.reload()" />
      }
      @for (role of roles(); track role.name) {
        <div>
          <mat-checkbox
            [checked]="role.needed"
            [disabled]="managed() || role.inherited || saving()"
            (change)="choose(role.name, $event.checked)"
          >
            {{ 'role.' + role.name | transloco }}
            @if (role.inherited) {
              <span class="sp-soft"> · {{ 'signInSettings.policy.inherited' | transloco }}</span>
            }
          </mat-checkbox>
        </div>
      }
    </section>
  `,
  styleUrl: './card.scss',
})
export class SecondFactorPolicyCard {
  private readonly api = inject(Api);
  private readonly session = inject(SessionStore);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly policy = resource({ loader: () => this.api.invoke(getSignInPolicy) });
  protected readonly failed = computed(() => (this.policy.error() ? asProblem(this.policy.error()) : null));
  protected readonly saving = signal(false);
  private readonly chosen = computed(() => (this.policy.hasValue() ? this.policy.value() : undefined));
  protected readonly managed = computed(() => this.chosen()?.managed === true);
  protected readonly roles = computed(() => {
    const twoFactorRequiredFor = this.chosen()?.twoFactorRequiredFor ?? [];
    const inherited = this.chosen()?.inherited ?? [];
    const names: readonly Role[] = this.session.is('system-administrator')
      ? ['system-administrator', ...OF_A_TENANT]
      : OF_A_TENANT;
    return names.map((name) => ({
      name,
      inherited: inherited.includes(name),
      needed: inherited.includes(name) || twoFactorRequiredFor.includes(name),
    }));
  });

  protected async choose(role: Role, needed: boolean): Promise<void> {
    const others = this.chosen()?.twoFactorRequiredFor.filter((other) => other !== role) ?? [];
    this.saving.set(true);
    const body = { twoFactorRequiredFor: needed ? [...others, role] : others };
    await this.toasts.attempt(
      async () => this.policy.set(await this.api.invoke(saveSignInPolicy, { body })),
      this.transloco.translate('signInSettings.saved'),
    );
    this.saving.set(false);
  }
}
