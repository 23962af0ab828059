/** Pieces of a provisioning file, as the journeys need them. */

export const ADMIN = { email: 'tenant@example.org', password: 'a-long-enough-secret' };
export const TOKEN = 'A1_TOKEN';

/** A mail server on the loopback address. */
export const smtp = (port: number, more: object = {}) => ({
  name: 'DEFAULT',
  default: true,
  provider: 'custom',
  from: 'Signalpost <alarms@example.org>',
  host: '127.0.0.1',
  port,
  tls: 'none',
  ...more,
});

export interface TenantOptions {
  readonly name?: string;
  readonly mailServer: object;
  /** File of the root chain. */
  readonly chain: string;
  /** Access tokens; one device each. */
  readonly tokens?: readonly string[];
  readonly admin?: { readonly email: string; readonly password: string };
}

/** A tenant with an administrator, a customer, devices, a mail server and a root chain. */
export const tenant = ({ name = 'Demo', mailServer, chain, tokens = [TOKEN], admin = ADMIN }: TenantOptions) => ({
  name,
  admins: [admin],
  mailServers: [mailServer],
  customers: [{ name: 'Customer A', attributes: { email: 'customer@example.org' } }],
  devices: tokens.map((token, index) => ({
    name: `Thermostat A${index + 1}`,
    type: 'thermostat',
    token,
    customer: 'Customer A',
    attributes: { server: { address: 'Main St 12' } },
  })),
  ruleChains: [{ file: chain, root: true }],
});
