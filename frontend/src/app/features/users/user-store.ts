import { Injectable, computed, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import {
  deleteUser,
  disableUser,
  enableUser,
  inviteUserAgain,
  listUsers,
  removeTwoFactor,
  showUserLink,
  unlockUser,
} from '../../core/api/functions';
import type { Role, User } from '../../core/api/models';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { Toasts } from '../../ui/toast/toasts';
import { LinkDialog } from './link-dialog';

/** What can be done with one user, besides deleting: each answers with the user as it is then. */
const DEEDS = { disable: disableUser, enable: enableUser, unlock: unlockUser, resend: inviteUserAgain };
export type UserDeed = keyof typeof DEEDS;

/** Which users are shown. `tenantId`: the administrators of that tenant, for the system administrator. */
export interface Whose {
  readonly tenantId?: string;
  readonly customerId?: string;
}

/** The users on the page and what an administrator can do with them. */
@Injectable()
export class UserStore {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  readonly whose = signal<Whose>({});
  readonly search = signal('');
  readonly role = signal<Role | 'any'>('any');
  private readonly query = computed(() => {
    const [search, role] = [this.search(), this.role()];
    return { ...this.whose(), ...(search ? { search } : {}), ...(role === 'any' ? {} : { role }) };
  });
  readonly list = pagedList(this.query, (query, cursor) => this.api.invoke(listUsers, { ...query, ...cursor }));
  readonly mayChange = computed(() => this.session.is('system-administrator', 'tenant-administrator'));
  readonly self = computed(() => this.session.current()?.user.id);

  constructor() {
    live('users', this.list.quietly);
    live('mail-log', this.list.quietly); // what became of an invitation's mail
  }

  /** Disabling asks first: whoever is disabled is signed out at once. */
  async do(deed: UserDeed, user: User): Promise<void> {
    if (deed === 'disable' && !(await this.asked('users.disable', user))) return;
    const act = async () => this.show(await this.api.invoke(DEEDS[deed], { id: user.id }));
    await this.toasts.attempt(act, this.text('users.done.' + deed, user));
  }

  async delete(user: User): Promise<void> {
    if (!(await this.asked('users.delete', user))) return;
    const gone = await this.toasts.attempt(
      () => this.api.invoke(deleteUser, { id: user.id }),
      this.text('users.done.delete', user),
    );
    if (gone) this.list.remove((shown) => shown.id === user.id);
  }

  /** For a lost phone. */
  async removeTwoFactor(user: User): Promise<void> {
    if (!(await this.asked('users.removeTwoFactor', user))) return;
    const deed = () => this.api.invoke(removeTwoFactor, { id: user.id });
    await this.toasts.attempt(deed, this.text('users.done.removeTwoFactor', user));
  }

  async showLink(user: User): Promise<void> {
    try {
      const link = await this.api.invoke(showUserLink, { id: user.id });
      this.dialog.open(LinkDialog, { data: { user, link }, width: '640px' });
    } catch (error) {
      this.toasts.failed(error);
    }
  }

  show(user: User): void {
    this.list.replace((shown) => shown.id === user.id, user);
  }

  private asked(key: 'users.disable' | 'users.delete' | 'users.removeTwoFactor', user: User): Promise<boolean> {
    return this.confirm.ask({
      title: this.text(key + '.title', user),
      text: this.text(key + '.text', user),
      action: this.text(key + '.action', user),
    });
  }

  private text(key: string, user: User): string {
    return this.transloco.translate(key, { name: user.name || user.email });
  }
}
