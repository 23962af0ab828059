import { Component, computed, inject, resource, signal } from '@angular/core';
import { disabled, email, form, maxLength, required } from '@angular/forms/signals';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { changeUser, getUser, inviteUser, listCustomers } from '../../core/api/functions';
import type { Language, Role, User } from '../../core/api/models';
import type { ApiProblem } from '../../core/http/api-problem';
import { ifMatch } from '../../core/http/if-match';
import { LANGUAGE_NAMES } from '../../core/i18n/translations';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { Meanwhile } from '../../ui/form/meanwhile';
import type { Whose } from './user-store';

export interface UserDialogData {
  /** Absent: somebody is to be invited. */
  readonly user?: User;
  readonly roles: readonly Role[];
  readonly whose: Whose;
}

/** Invites somebody, or changes a user; closes with the user. */
@Component({
  selector: 'sp-user-dialog',
  imports: [...DIALOG_FORM_PARTS, MatCheckbox],
  templateUrl: './user-dialog.html',
})
export class UserDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<UserDialog, User>>(MatDialogRef);
  protected readonly data = inject<UserDialogData>(MAT_DIALOG_DATA);
  protected readonly languages = LANGUAGE_NAMES;

  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly labels = LABELS;
  /** As it was read last. */
  private user = this.data.user;
  private readonly model = signal(startOf(this.data));
  protected readonly meanwhile = new Meanwhile(this.model());
  protected readonly ofCustomer = computed(() => this.model().role === 'customer-user');
  /** A system administrator may not ask, and need not. */
  protected readonly customers = resource({
    params: () => (this.ofCustomer() ? { limit: 100 } : undefined),
    loader: ({ params }) => this.api.invoke(listCustomers, params),
  });
  protected readonly form = form(
    this.model,
    (path) => {
      required(path.email);
      email(path.email);
      disabled(path.email, { when: () => this.data.user !== undefined });
      maxLength(path.name, 255);
      required(path.customerId, { when: () => this.ofCustomer() });
    },
    { submission: { action: () => this.save() } },
  );

  private async save(): Promise<void> {
    this.problem.set(null);
    try {
      this.ref.close(await (this.user ? this.change(this.user) : this.invite()));
    } catch (error) {
      this.problem.set(await this.meanwhile.settle(error, () => this.theirs(), this.model));
    }
  }

  private invite(): Promise<User> {
    const { email: address, sendMail } = this.model();
    const { tenantId } = this.data.whose;
    const body = { ...this.changes(), email: address.trim(), sendMail, ...(tenantId ? { tenantId } : {}) };
    return this.api.invoke(inviteUser, { body });
  }

  private change(user: User): Promise<User> {
    return this.api.invoke(changeUser, { id: user.id, body: this.changes(), 'If-Match': ifMatch(user) });
  }

  private async theirs() {
    this.user = await this.api.invoke(getUser, { id: this.user?.id ?? '' });
    return { ...startOf({ ...this.data, user: this.user }), sendMail: this.model().sendMail };
  }

  private changes() {
    const { name, role, language, customerId } = this.model();
    return { name, role, language: language || null, customerId: this.ofCustomer() ? customerId : null };
  }
}

function startOf({ user, roles, whose }: UserDialogData) {
  const language: Language | '' = user?.language ?? '';
  return {
    email: user?.email ?? '',
    name: user?.name ?? '',
    role: user?.role ?? (whose.customerId ? 'customer-user' : (roles[0] ?? 'tenant-administrator')),
    customerId: user?.customer?.id ?? whose.customerId ?? '',
    language,
    sendMail: true,
  };
}

const LABELS = {
  email: 'users.email',
  name: 'users.nameOptional',
  role: 'users.role',
  customerId: 'users.customer',
  language: 'users.language',
};
