import type { Language, Role, User } from '@signalpost/contracts';

/** A user as the directory knows one; what became of the invitation is known to the rooms above. */
export interface UserRecord extends Omit<User, 'invitation'> {
  /** Null until the person has chosen a password. */
  readonly activatedAt: number | null;
  readonly passwordChangedAt: number | null;
  readonly hasPassword: boolean;
  readonly timeZone: string | null;
  readonly tenantLanguage: Language;
}

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly tenant_language: Language;
  readonly customer_id: string | null;
  readonly customer_name: string | null;
  readonly language: Language | null;
  readonly time_zone: string | null;
  readonly active: boolean;
  readonly locked_until: Date | null;
  readonly activated_at: Date | null;
  readonly password_changed_at: Date | null;
  readonly has_password: boolean;
  readonly last_sign_in_at: Date | null;
  readonly managed: boolean;
  readonly revision: number;
  readonly created_at: Date;
}

/** Everything but a WHERE; `u` is the user. */
export const USERS = `
  SELECT u.id, u.email, u.name, u.role, u.tenant_id, t.name AS tenant_name, t.language AS tenant_language,
    u.customer_id, c.name AS customer_name, u.language, u.time_zone, u.active,
    CASE WHEN u.locked_until > now() THEN u.locked_until END AS locked_until,
    u.activated_at, u.password_changed_at, u.password_hash IS NOT NULL AS has_password, u.last_sign_in_at,
    u.managed, u.revision, u.created_at
  FROM user_account u
  JOIN tenant t ON t.id = u.tenant_id
  LEFT JOIN customer c ON c.tenant_id = u.tenant_id AND c.id = u.customer_id`;

export const toUser = (row: UserRow): UserRecord => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  tenant: { id: row.tenant_id, name: row.tenant_name },
  tenantLanguage: row.tenant_language,
  customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name ?? '' },
  language: row.language,
  timeZone: row.time_zone,
  active: row.active,
  lockedUntil: row.locked_until?.getTime() ?? null,
  activatedAt: row.activated_at?.getTime() ?? null,
  passwordChangedAt: row.password_changed_at?.getTime() ?? null,
  hasPassword: row.has_password,
  lastSignInAt: row.last_sign_in_at?.getTime() ?? null,
  managed: row.managed,
  revision: row.revision,
  createdAt: row.created_at.getTime(),
});

/** The language to speak to somebody in. */
export const languageOf = ({ language, tenantLanguage }: Pick<UserRecord, 'language' | 'tenantLanguage'>): Language =>
  language ?? tenantLanguage;
