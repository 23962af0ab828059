import {
  accessTokenSchema,
  connectorDefinitionSchema,
  deviceFieldsSchema,
  identityProviderDefinitionSchema,
  mailServerDefinitionSchema,
  namedSecretDefinitionSchema,
  nameSchema,
  newCustomerSchema,
  newPasswordSchema,
  newTenantSchema,
  newUserSchema,
  noticesDefinitionSchema,
  oauthApplicationDefinitionSchema,
  signInPolicyInputSchema,
} from '@signalpost/contracts';
import { z } from 'zod';

const list = <T extends z.ZodType>(item: T) => z.array(item).default([]);

const userEntry = newUserSchema.extend({ password: newPasswordSchema.optional() });
export type UserEntry = z.infer<typeof userEntry>;

const attributeMap = z.record(nameSchema, z.json());
export type AttributeMap = z.infer<typeof attributeMap>;

/** As the file names the scopes. */
const deviceAttributes = z.strictObject({ server: attributeMap, shared: attributeMap, client: attributeMap }).partial();
export type DeviceAttributes = z.infer<typeof deviceAttributes>;

const customerEntry = newCustomerSchema.extend({
  /** A customer has server attributes alone. */
  attributes: attributeMap.default({}),
  users: list(userEntry),
});
export type CustomerEntry = z.infer<typeof customerEntry>;

const deviceEntry = deviceFieldsSchema.extend({
  token: accessTokenSchema,
  /** Name of a customer of the same tenant. */
  customer: nameSchema.optional(),
  attributes: deviceAttributes.default({}),
});
export type DeviceEntry = z.infer<typeof deviceEntry>;

const ruleChainEntry = z.strictObject({
  /** A ThingsBoard rule-chain file, relative to the provisioning file. */
  file: z.string().min(1),
  /** Instead of the name in the file. */
  name: nameSchema.optional(),
  root: z.boolean().default(false),
});
export type RuleChainEntry = z.infer<typeof ruleChainEntry>;

/** What stands in the scope of the system and of each tenant alike. */
const mailEntries = {
  mailSecrets: list(namedSecretDefinitionSchema),
  oauthApplications: list(oauthApplicationDefinitionSchema),
  mailServers: list(mailServerDefinitionSchema),
};

/** What administrators decide for everybody of a scope. Left out: people decide. */
const signInEntries = {
  signInPolicy: signInPolicyInputSchema.optional(),
  notices: noticesDefinitionSchema.optional(),
};

const tenantEntry = newTenantSchema.extend({
  admins: list(userEntry),
  operators: list(userEntry),
  ...signInEntries,
  identityProvider: identityProviderDefinitionSchema.optional(),
  ...mailEntries,
  customers: list(customerEntry),
  devices: list(deviceEntry),
  ruleChains: list(ruleChainEntry),
});
export type TenantEntry = z.infer<typeof tenantEntry>;

const systemEntry = z.strictObject({
  admins: list(userEntry),
  ...signInEntries,
  mailConnectors: list(connectorDefinitionSchema),
  ...mailEntries,
});
export type SystemEntry = z.infer<typeof systemEntry>;

/** What the start of a demo suggests to send. */
const demoEntry = z.strictObject({ device: nameSchema, telemetry: attributeMap });

/** The provisioning file. Each entry is the schema of the room that keeps it, so the two cannot drift apart. */
export const provisioningFileSchema = z
  .strictObject({ system: systemEntry.prefault({}), tenants: list(tenantEntry), demo: demoEntry.optional() })
  .superRefine((file, context) => {
    for (const { path, message } of contradictionsOf(file))
      context.addIssue({ code: 'custom', path: [...path], message });
  });
export type ProvisioningFile = z.infer<typeof provisioningFileSchema>;

interface Contradiction {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function contradictionsOf(file: { system: SystemEntry; tenants: readonly TenantEntry[] }): readonly Contradiction[] {
  const tokens = file.tenants.flatMap(({ devices }, t) =>
    devices.map(({ token }, d) => [['tenants', t, 'devices', d, 'token'], token] as const),
  );
  return [
    ...repeated(file.tenants.map(({ name }, index) => [['tenants', index, 'name'], name])),
    ...repeated(emailsOf(file)),
    ...repeated(tokens),
    ...scopeContradictions(file.system, ['system']),
    ...repeated(namesOf(file.system.mailConnectors, ['system', 'mailConnectors'])),
    ...second(marksOf(file.system.mailConnectors, ['system', 'mailConnectors'])),
    ...file.tenants.flatMap((tenant, index) => tenantContradictions(tenant, ['tenants', index])),
  ];
}

function tenantContradictions(tenant: TenantEntry, at: readonly PropertyKey[]): readonly Contradiction[] {
  const known = new Set(tenant.customers.map(({ name }) => name));
  const names = (list: 'customers' | 'devices') =>
    tenant[list].map(({ name }, index) => [[...at, list, index, 'name'], name] as const);
  const strangers = customersNamed(tenant, at).flatMap(([path, customer]) =>
    customer === undefined || known.has(customer)
      ? []
      : [{ path, message: `"${customer}" is not one of this tenant's customers in the file` }],
  );
  return [
    ...scopeContradictions(tenant, at),
    ...repeated(names('customers')),
    ...repeated(names('devices')),
    ...second(tenant.ruleChains.map(({ root }, index) => [[...at, 'ruleChains', index, 'root'], root])),
    ...strangers,
  ];
}

const customersNamed = (
  { devices, identityProvider }: TenantEntry,
  at: readonly PropertyKey[],
): Placed<string | undefined> => [
  ...devices.map(({ customer }, index) => [[...at, 'devices', index, 'customer'], customer] as const),
  [[...at, 'identityProvider', 'customer'], identityProvider?.customer],
];

function scopeContradictions(
  { mailServers, mailSecrets, oauthApplications }: Pick<SystemEntry, keyof typeof mailEntries>,
  at: readonly PropertyKey[],
): readonly Contradiction[] {
  return [
    ...repeated(namesOf(mailSecrets, [...at, 'mailSecrets'])),
    ...repeated(namesOf(oauthApplications, [...at, 'oauthApplications'])),
    ...repeated(namesOf(mailServers, [...at, 'mailServers'])),
    ...second(marksOf(mailServers, [...at, 'mailServers'])),
    ...second(mailServers.map(({ fallback }, index) => [[...at, 'mailServers', index, 'fallback'], fallback])),
  ];
}

const namesOf = (entries: readonly { readonly name: string }[], at: readonly PropertyKey[]): Placed<string> =>
  entries.map(({ name }, index) => [[...at, index, 'name'], name]);

const marksOf = (entries: readonly { readonly default: boolean }[], at: readonly PropertyKey[]): Placed<boolean> =>
  entries.map((entry, index) => [[...at, index, 'default'], entry.default]);

type Placed<T> = readonly (readonly [path: readonly PropertyKey[], value: T])[];

function emailsOf({ system, tenants }: { system: SystemEntry; tenants: readonly TenantEntry[] }): Placed<string> {
  const place = (users: readonly UserEntry[], at: readonly PropertyKey[]) =>
    users.map(({ email }, index) => [[...at, index, 'email'], email.toLowerCase()] as const);
  return [
    ...place(system.admins, ['system', 'admins']),
    ...tenants.flatMap((tenant, t) => [
      ...place(tenant.admins, ['tenants', t, 'admins']),
      ...place(tenant.operators, ['tenants', t, 'operators']),
      ...tenant.customers.flatMap(({ users }, c) => place(users, ['tenants', t, 'customers', c, 'users'])),
    ]),
  ];
}

/** The natural key of one thing twice would make the second overwrite the first. */
function repeated(values: Placed<string>): readonly Contradiction[] {
  const seen = new Set<string>();
  return values.flatMap(([path, value]) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [{ path, message: 'is given a second time in this file' }];
  });
}

function second(flags: Placed<boolean>): readonly Contradiction[] {
  return flags
    .filter(([, flag]) => flag)
    .slice(1)
    .map(([path]) => ({ path, message: 'is true a second time; only one can be' }));
}
