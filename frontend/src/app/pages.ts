import type { Routes } from '@angular/router';
import type { Role, Session } from './core/api/models';
import { mayOpen, roleIn } from './core/session/session.guards';
import type { IconName } from './ui/icon/icons';

/** One entry of the navigation and the routes behind it. */
export interface Area {
  readonly path: string;
  /** Translation key of its name, in the navigation and in the tab's title. */
  readonly name: string;
  readonly icon: IconName;
  /** Whether it may take one of the few places in a phone's bar. */
  readonly frequent?: true;
  readonly group: 'watch' | 'wire' | 'mail' | 'people';
  readonly permitted: (session: Session) => boolean;
  readonly routes: () => Promise<Routes>;
}

const TENANT: readonly Role[] = ['tenant-administrator', 'tenant-operator'];
const EVERYONE_OF_A_TENANT: readonly Role[] = [...TENANT, 'customer-user'];

/** Everything a person may open besides home and their account, in the order of the navigation. */
export const AREAS: readonly Area[] = [
  {
    path: 'alarms',
    name: 'nav.alarms',
    icon: 'notifications',
    frequent: true,
    group: 'watch',
    permitted: roleIn(EVERYONE_OF_A_TENANT),
    routes: () => import('./features/alarms/alarms.routes').then((file) => file.ALARM_ROUTES),
  },
  {
    path: 'devices',
    name: 'nav.devices',
    icon: 'sensors',
    frequent: true,
    group: 'watch',
    permitted: roleIn(EVERYONE_OF_A_TENANT),
    routes: () => import('./features/devices/devices.routes').then((file) => file.DEVICE_ROUTES),
  },
  {
    path: 'rule-chains',
    name: 'nav.ruleChains',
    icon: 'account-tree',
    group: 'wire',
    permitted: roleIn(TENANT),
    routes: () => import('./features/rule-chains/rule-chains.routes').then((file) => file.RULE_CHAIN_ROUTES),
  },
  {
    path: 'dead-letters',
    name: 'nav.deadLetters',
    icon: 'report',
    group: 'wire',
    permitted: roleIn(TENANT),
    routes: () => import('./features/dead-letters/dead-letters.routes').then((file) => file.DEAD_LETTER_ROUTES),
  },
  {
    path: 'inbox',
    name: 'nav.inbox',
    icon: 'inbox',
    frequent: true,
    group: 'mail',
    permitted: (session) => session.sandboxInbox,
    routes: () => import('./features/inbox/inbox.routes').then((file) => file.INBOX_ROUTES),
  },
  {
    path: 'mail-log',
    name: 'nav.mailLog',
    icon: 'outbox',
    frequent: true,
    group: 'mail',
    permitted: roleIn(['system-administrator', ...TENANT]),
    routes: () => import('./features/mail-log/mail-log.routes').then((file) => file.MAIL_LOG_ROUTES),
  },
  {
    path: 'mail-servers',
    name: 'nav.mailServers',
    icon: 'dns',
    group: 'mail',
    permitted: roleIn(['system-administrator', 'tenant-administrator']),
    routes: () => import('./features/mail-servers/mail-servers.routes').then((file) => file.MAIL_SERVER_ROUTES),
  },
  {
    path: 'mail-templates',
    name: 'nav.mailTemplates',
    icon: 'draw',
    group: 'mail',
    permitted: roleIn(['system-administrator', 'tenant-administrator']),
    routes: () => import('./features/mail-templates/mail-templates.routes').then((file) => file.MAIL_TEMPLATE_ROUTES),
  },
  {
    path: 'tenants',
    name: 'nav.tenants',
    icon: 'domain',
    frequent: true,
    group: 'people',
    permitted: roleIn(['system-administrator']),
    routes: () => import('./features/tenants/tenants.routes').then((file) => file.TENANT_ROUTES),
  },
  {
    path: 'customers',
    name: 'nav.customers',
    icon: 'person',
    group: 'people',
    permitted: roleIn(TENANT),
    routes: () => import('./features/customers/customers.routes').then((file) => file.CUSTOMER_ROUTES),
  },
  {
    path: 'users',
    name: 'nav.users',
    icon: 'group',
    group: 'people',
    permitted: roleIn(['system-administrator', ...TENANT]),
    routes: () => import('./features/users/users.routes').then((file) => file.USER_ROUTES),
  },
  {
    path: 'audit',
    name: 'nav.audit',
    icon: 'history',
    group: 'people',
    permitted: roleIn(['system-administrator', 'tenant-administrator']),
    routes: () => import('./features/audit/audit.routes').then((file) => file.AUDIT_ROUTES),
  },
  {
    path: 'sign-in-settings',
    name: 'nav.signInSettings',
    icon: 'shield',
    group: 'people',
    permitted: roleIn(['system-administrator', 'tenant-administrator']),
    routes: () =>
      import('./features/sign-in-settings/sign-in-settings.routes').then((file) => file.SIGN_IN_SETTINGS_ROUTES),
  },
];

export const AREA_ROUTES: Routes = AREAS.map((area) => ({
  path: area.path,
  title: area.name,
  canMatch: [mayOpen(area.permitted)],
  loadChildren: area.routes,
}));
