import { Component, computed, effect, inject, input, resource } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { getCustomer, getTenant } from '../../core/api/functions';
import type { Role, User } from '../../core/api/models';
import { SessionStore } from '../../core/session/session-store';
import { Choice } from '../../ui/choice/choice';
import { LIST_PARTS } from '../../ui/table/list-parts';
import { InvitationStateTag } from './invitation-state';
import { InviteManyDialog } from './invite-many-dialog';
import { UserDialog, type UserDialogData } from './user-dialog';
import { UserStore } from './user-store';

const ROLES_OF_A_TENANT: readonly Role[] = ['tenant-administrator', 'tenant-operator', 'customer-user'];

/** The people of one's own scope; for the system administrator also the administrators of one tenant. */
@Component({
  selector: 'sp-users-page',
  imports: [...LIST_PARTS, Choice, InvitationStateTag],
  templateUrl: './users-page.html',
  styleUrl: './users-page.scss',
  providers: [UserStore],
})
export class UsersPage {
  /** From the address: the administrators of this tenant, the users of this customer. */
  readonly tenantId = input<string>();
  readonly customerId = input<string>();

  private readonly api = inject(Api);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(SessionStore);
  private readonly transloco = inject(TranslocoService);
  protected readonly store = inject(UserStore);

  /** Whose users these are, when they are not one's own. */
  protected readonly owner = resource({
    params: () => ({ tenantId: this.tenantId(), customerId: this.customerId() }),
    loader: async ({ params: { tenantId, customerId } }) => {
      if (tenantId) return (await this.api.invoke(getTenant, { id: tenantId })).name;
      return customerId ? (await this.api.invoke(getCustomer, { id: customerId })).name : null;
    },
  });
  /** What a user here can be. */
  protected readonly roles = computed((): readonly Role[] => {
    if (this.tenantId()) return ['tenant-administrator'];
    if (this.customerId()) return ['customer-user'];
    return this.session.is('system-administrator') ? ['system-administrator'] : ROLES_OF_A_TENANT;
  });
  protected readonly roleFilter = computed(() =>
    (['any', ...this.roles()] as const).map((value) => ({ value, label: this.text('users.roles.' + value) })),
  );
  protected readonly mayInviteMany = computed(() => this.store.mayChange() && this.roles().length > 1);

  constructor() {
    effect(() => {
      const [tenantId, customerId] = [this.tenantId(), this.customerId()];
      this.store.whose.set({ ...(tenantId ? { tenantId } : {}), ...(customerId ? { customerId } : {}) });
    });
  }

  protected async edit(user?: User): Promise<void> {
    const data = { ...(user ? { user } : {}), roles: this.roles(), whose: this.store.whose() };
    const open = this.dialog.open<UserDialog, UserDialogData, User>(UserDialog, { data, width: '480px' });
    const saved = await firstValueFrom(open.afterClosed());
    if (!saved) return;
    this.store.show(saved);
    void this.store.list.refresh();
    if (!user && saved.invitation.state === 'not-sent') await this.store.showLink(saved);
  }

  protected async inviteMany(): Promise<void> {
    await firstValueFrom(this.dialog.open(InviteManyDialog, { width: '720px' }).afterClosed());
    void this.store.list.refresh();
  }

  private text(key: string): string {
    return this.transloco.translate(key);
  }

  protected isInvited(user: User): boolean {
    return user.invitation.state !== 'activated';
  }
}
