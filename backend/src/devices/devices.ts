import { Inject } from '@nestjs/common';
import {
  newDeviceSchema,
  type CreatedDevice,
  type Device,
  type DeviceQuery,
  type NewDevice,
  type Page,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { hashToken, newToken, type Actor, type Principal } from '../access/index.js';
import { Audit, changedFields } from '../audit/index.js';
import { Database, saveRow, type Saved, type UnitOfWork } from '../db/index.js';
import { ProblemError, readPage } from '../http/index.js';
import { EventBus } from '../http/events/index.js';
import { DeviceRemoval } from './device-removal.js';
import { refuseFullTenant } from './device-limit.js';
import { DEVICES, toDevice, UPSERT_DEVICE, type DeviceRow } from './device-rows.js';

/** A device as the provisioning file describes it: with its token, which only its hash outlives. */
export interface DeviceWithToken extends NewDevice {
  readonly accessToken: string;
}

/** Writes the table `device`. Of an access token only the hash is kept, so it is shown once and never again. */
export class Devices {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EventBus) private readonly events: EventBus,
    @Inject(DeviceRemoval) private readonly removal: DeviceRemoval,
  ) {}

  /** A customer user sees the devices of the own customer alone. */
  list({ tenantId, customerId }: Principal, { search, ...query }: DeviceQuery): Promise<Page<Device>> {
    const sql = `${DEVICES} AND ($3::text IS NULL OR position(lower($3) IN lower(concat_ws(E'\\n', d.name, d.label, d.type))) > 0)`;
    const keyset = {
      sql,
      values: [tenantId, customerId, search ?? null],
      keys: { name: 'text' },
      order: 'ASC',
    } as const;
    return readPage(this.database, keyset, query, toDevice);
  }

  /** @throws ProblemError `not-found`, also for a device that the caller may not see */
  async get({ tenantId, customerId }: Principal, id: string): Promise<Device> {
    const [row] = await this.database.query<DeviceRow>(`${DEVICES} AND d.id = $3`, [tenantId, customerId, id]);
    if (row === undefined) throw new ProblemError('not-found', { detail: 'There is no device with this id.' });
    return toDevice(row);
  }

  async create(principal: Principal, device: NewDevice, actor: Actor): Promise<CreatedDevice> {
    const accessToken = newToken();
    const id = uuidV7();
    await this.database.transaction(async (uow) => {
      const values = [
        principal.tenantId,
        id,
        device.name,
        device.type,
        device.label,
        device.customerId,
        hashToken(accessToken),
      ];
      await uow.query(INSERT, values).catch(refuseConflict);
      await refuseFullTenant(uow, principal.tenantId);
      await Audit.record(uow, {
        ...actor,
        tenantId: principal.tenantId,
        action: 'device.created',
        entity: { type: 'device', id, name: device.name },
        changes: changedFields(newDeviceSchema, undefined, device),
      });
      this.#tell(uow, principal.tenantId, 'created', id);
    });
    return { ...(await this.get(principal, id)), accessToken };
  }

  /** The old token is refused from the commit on. */
  async renewAccessToken(principal: Principal, id: string, actor: Actor): Promise<string> {
    const { tenantId } = principal;
    const { name } = await this.#changeable(principal, id);
    const accessToken = newToken();
    await this.database.transaction(async (uow) => {
      await uow.query('UPDATE device SET token_hash = $3 WHERE tenant_id = $1 AND id = $2', [
        tenantId,
        id,
        hashToken(accessToken),
      ]);
      const entity = { type: 'device', id, name } as const;
      await Audit.record(uow, { ...actor, tenantId, action: 'device.access-token-renewed', entity });
    });
    return accessToken;
  }

  async delete(principal: Principal, id: string, actor: Actor): Promise<void> {
    const { tenantId } = principal;
    const { name } = await this.#changeable(principal, id);
    await this.database.transaction(async (uow) => {
      await this.removal.forget(uow, tenantId, id);
      await uow.query('DELETE FROM device WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
      await Audit.record(uow, { ...actor, tenantId, action: 'device.deleted', entity: { type: 'device', id, name } });
      this.#tell(uow, tenantId, 'deleted', id);
    });
  }

  /** Creates the device of this name, or makes it like this. */
  async save(uow: UnitOfWork, tenantId: string, device: DeviceWithToken, managed: boolean): Promise<Saved> {
    const { name, type, label, customerId, accessToken } = device;
    const values = [tenantId, uuidV7(), name, type, label, customerId, hashToken(accessToken), managed];
    const find = { sql: 'SELECT id FROM device WHERE tenant_id = $1 AND name = $2', values: [tenantId, name] };
    const saved = await saveRow(uow, { sql: UPSERT_DEVICE, values }, find).catch(refuseConflict);
    if (saved === undefined) throw new ProblemError('name-taken');
    if (saved.change !== 'unchanged') this.#tell(uow, tenantId, saved.change, saved.id);
    return saved;
  }

  /** Unlocks those that the provisioning file names no more. @returns their names */
  async unlockExcept(uow: UnitOfWork, tenantId: string, keep: readonly string[]): Promise<readonly string[]> {
    const rows = await uow.query<{ name: string }>(
      'UPDATE device SET managed = false WHERE tenant_id = $1 AND managed AND id <> ALL ($2::uuid[]) RETURNING name',
      [tenantId, keep],
    );
    return rows.map((row) => row.name);
  }

  async #changeable(principal: Principal, id: string): Promise<Device> {
    const device = await this.get(principal, id);
    if (device.managed) throw new ProblemError('managed-by-file');
    return device;
  }

  #tell(uow: UnitOfWork, tenantId: string, kind: string, id: string): void {
    uow.afterCommit(() => this.events.publish(tenantId, 'devices', kind, id));
  }
}

const INSERT = `
  INSERT INTO device (tenant_id, id, name, type, label, customer_id, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`;

/** PostgreSQL names the constraint that a row breaks. */
function refuseConflict(error: unknown): never {
  const constraint = error instanceof Error && 'constraint' in error ? error.constraint : undefined;
  if (constraint === 'device_tenant_id_name_key')
    throw new ProblemError('name-taken', { detail: 'Another device has this name.' });
  if (constraint === 'device_token_hash_key')
    throw new ProblemError('name-taken', { detail: 'Another device has this access token.' });
  if (constraint === 'device_tenant_id_customer_id_fkey')
    throw new ProblemError('validation-failed', {
      errors: [{ pointer: '/customerId', message: 'There is no customer with this id' }],
    });
  throw error;
}
