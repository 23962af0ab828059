import { Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { disabled, form, maxLength, pattern, required } from '@angular/forms/signals';
import { MatCheckbox } from '@angular/material/checkbox';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import {
  deleteIdentityProvider,
  getIdentityProvider,
  listCustomers,
  saveIdentityProvider,
} from '../../core/api/functions';
import type { IdentityProvider, NewUserRole } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { Command } from '../../ui/code/command';
import { Confirm } from '../../ui/dialog/confirm';
import { FORM_PARTS } from '../../ui/form/form-parts';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Toasts } from '../../ui/toast/toasts';

const ROLES: readonly NewUserRole[] = ['tenant-administrator', 'tenant-operator', 'customer-user'];

/** The tenant's own identity provider: people sign in there instead of with a password of ours. */
@Component({
  selector: 'sp-identity-provider',
  imports: [...FORM_PARTS, Command, ManagedTag, MatCheckbox],
  templateUrl: './identity-provider-card.html',
  styleUrl: './card.scss',
})
export class IdentityProviderCard {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly newUserRoles = ROLES;
  protected readonly customers = resource({ loader: () => this.api.invoke(listCustomers, { limit: 100 }) });
  protected readonly source = resource({ loader: () => this.read() });
  protected readonly failed = computed(() => (this.source.error() ? asProblem(this.source.error()) : null));
  protected readonly provider = computed(() => (this.source.hasValue() ? this.source.value() : null));
  protected readonly managed = computed(() => this.provider()?.managed === true);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    linkedSignal(() => startOf(this.provider())),
    (path) => {
      disabled(path, { when: () => this.managed() });
      required(path.name);
      maxLength(path.name, 255);
      required(path.issuer);
      pattern(path.issuer, /^https?:\/\//);
      required(path.clientId);
      required(path.allowedDomains);
      required(path.customerId, { when: ({ valueOf }) => creates(valueOf(path.newUsers), valueOf(path.role)) });
    },
    { submission: { action: () => this.save() } },
  );
  protected readonly needsCustomer = computed(() => {
    const { newUsers, role } = this.form().value();
    return creates(newUsers, role);
  });

  protected async remove(): Promise<void> {
    const text = (key: string): string => this.transloco.translate('signInSettings.provider.remove.' + key);
    if (!(await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') }))) return;
    if (await this.toasts.attempt(() => this.api.invoke(deleteIdentityProvider), text('done'))) this.source.set(null);
  }

  /** Null: there is none yet. */
  private async read(): Promise<IdentityProvider | null> {
    return (await this.api.invoke(getIdentityProvider)).provider;
  }

  private async save(): Promise<void> {
    this.problem.set(null);
    const { allowedDomains, clientSecret, role, customerId, ...rest } = this.form().value();
    try {
      const body = {
        ...rest,
        role: this.needsCustomer() || role !== 'customer-user' ? role : ('tenant-operator' as const), // of nobody: newUsers is "refuse"
        customerId: this.needsCustomer() ? customerId : null,
        allowedDomains: allowedDomains.split(/[\s,;]+/).filter(Boolean),
        clientSecret: clientSecret ? { change: 'set' as const, value: clientSecret } : { change: 'keep' as const },
      };
      this.source.set(await this.api.invoke(saveIdentityProvider, { body }));
      this.toasts.done(this.transloco.translate('signInSettings.saved'));
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}

const creates = (newUsers: IdentityProvider['newUsers'], role: NewUserRole): boolean =>
  newUsers === 'create' && role === 'customer-user';

function startOf(provider: IdentityProvider | null) {
  const newUsers: IdentityProvider['newUsers'] = provider?.newUsers ?? 'refuse';
  const role: NewUserRole = provider?.role ?? 'tenant-operator';
  return {
    name: provider?.name ?? '',
    issuer: provider?.issuer ?? '',
    clientId: provider?.clientId ?? '',
    /** Empty: stays as it is. */
    clientSecret: '',
    allowedDomains: provider?.allowedDomains.join(', ') ?? '',
    trustMissingEmailVerified: provider?.trustMissingEmailVerified ?? false,
    newUsers,
    role,
    customerId: provider?.customer?.id ?? '',
    active: provider?.active ?? true,
  };
}
