import { hashToken } from '../access/index.js';
import type { Queryable, UnitOfWork } from '../db/index.js';
import type { Client } from './client.js';
import { networkOf } from './network.js';

/** How a sign-in compares with those before: the same browser, one like it from the same network, the very first, or none of these. */
export type Familiarity = 'known' | 'familiar' | 'first' | 'new';

/** A browser that was away for so long is forgotten. */
const REMEMBERED_DAYS = 400;
/** Of one person; the ones that were not seen for longest go. */
const MOST = 30;

interface Seen {
  readonly known: boolean;
  readonly familiar: boolean;
  readonly any: boolean;
}

/** Writes the table `known_device`: browsers that somebody has signed in with. */
export const KnownDevices = {
  /** Wrong passwords from such a browser lock nobody out, and its owner is not locked out by those of strangers. */
  async isKnown(db: Queryable, userId: string, { deviceToken }: Client): Promise<boolean> {
    if (deviceToken === undefined) return false;
    const rows = await db.query('SELECT 1 FROM known_device WHERE user_id = $1 AND device_hash = $2', [
      userId,
      hashToken(deviceToken),
    ]);
    return rows.length > 0;
  },

  /** Notes a sign-in of the browser that holds `deviceToken`. */
  async remember(
    uow: UnitOfWork,
    { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
    client: Client,
    deviceToken: string,
  ): Promise<Familiarity> {
    const values = [tenantId, userId, hashToken(deviceToken), networkOf(client.address), client.userAgent];
    const [seen] = await uow.query<Seen>(SEEN, values.slice(1));
    await uow.query(REMEMBER, values);
    await uow.query(FORGET, [userId, REMEMBERED_DAYS, MOST]);
    if (seen?.known === true) return 'known';
    if (seen?.familiar === true) return 'familiar';
    return seen?.any === true ? 'new' : 'first';
  },
} as const;

const SEEN = `
  SELECT coalesce(bool_or(device_hash = $2), false) AS known,
    coalesce(bool_or(network = $3 AND user_agent = $4), false) AS familiar,
    count(*) > 0 AS any
  FROM known_device WHERE user_id = $1`;

const REMEMBER = `
  INSERT INTO known_device (tenant_id, user_id, device_hash, network, user_agent) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (user_id, device_hash)
    DO UPDATE SET network = EXCLUDED.network, user_agent = EXCLUDED.user_agent, last_seen_at = now()`;

const FORGET = `
  DELETE FROM known_device WHERE user_id = $1 AND (last_seen_at < now() - make_interval(days => $2) OR device_hash IN (
    SELECT device_hash FROM known_device WHERE user_id = $1 ORDER BY last_seen_at DESC OFFSET $3))`;
