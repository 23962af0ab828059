import { join } from 'node:path';

import type { DemoAccount, Role } from '@signalpost/contracts';

import { isLoopback, StartError, type Config } from '../config/index.js';
import type { ProvisioningFile, UserEntry } from './provisioning-file.js';

/** The demo's provisioning file, beside the sources. */
export const DEMO_FILE = join(import.meta.dirname, '..', '..', 'demo', 'demo.yaml');

/** Its passwords stand in the open, so it must not be reachable from outside. @throws StartError */
export function refuseOpenDemo({ host }: Pick<Config, 'host'>): void {
  if (isLoopback(host)) return;
  throw new StartError(
    `The demo has well-known passwords and is refused on HOST ${host}: set HOST to 127.0.0.1, or unset DEMO.`,
  );
}

/** Everyone whom a file gives a password. */
export function accountsOf({ system, tenants }: ProvisioningFile): readonly DemoAccount[] {
  const withRole = (role: Role) => (user: UserEntry) =>
    user.password === undefined ? [] : [{ email: user.email, role, password: user.password }];
  return [
    ...system.admins.flatMap(withRole('system-administrator')),
    ...tenants.flatMap((tenant) => [
      ...tenant.admins.flatMap(withRole('tenant-administrator')),
      ...tenant.operators.flatMap(withRole('tenant-operator')),
      ...tenant.customers.flatMap(({ users }) => users.flatMap(withRole('customer-user'))),
    ]),
  ];
}

/** A line for the shell that sends the demo's telemetry, or null where the file suggests none. */
export function curlLine({ demo, tenants }: ProvisioningFile, publicUrl: string): string | null {
  const device = tenants.flatMap(({ devices }) => devices).find(({ name }) => name === demo?.device);
  if (demo === undefined || device === undefined) return null;
  const body = JSON.stringify(demo.telemetry).replaceAll("'", String.raw`'\''`);
  return `curl -X POST ${publicUrl}/api/v1/${device.token}/telemetry -H 'Content-Type: application/json' -d '${body}'`;
}
