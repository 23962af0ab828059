import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { DEMO_FILE, ProvisioningError, readProvisioningFile } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'signalpost-provisioning-'));
const file = (yaml: string): string => {
  const path = join(folder, 'file.yaml');
  writeFileSync(path, yaml);
  return path;
};
const read = (yaml: string, variables: Record<string, string> = {}) =>
  readProvisioningFile(file(yaml), variables).content;
const problems = (yaml: string, variables: Record<string, string> = {}): readonly string[] => {
  try {
    read(yaml, variables);
  } catch (error) {
    if (error instanceof ProvisioningError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
};
const tenant = (text: string): string => `tenants:\n  - name: Demo\n    ${text.replaceAll('\n', '\n    ')}\n`;

it('reads the demo', () => {
  expect(readProvisioningFile(DEMO_FILE, {}).content.tenants).toMatchObject([
    { name: 'Demo', devices: [{ token: 'A1_TOKEN' }] },
  ]);
});

it('fills in what is not said', () => {
  expect(read('tenants: [{ name: Demo }]')).toMatchObject({
    system: { admins: [], mailServers: [] },
    tenants: [{ limits: { mayUseSystemMail: false, telemetryPerSecond: null }, devices: [], ruleChains: [] }],
  });
});

it.each([
  ['an unknown key at the top', 'users: []', 'users: unknown key'],
  [
    'an unknown key',
    tenant('devices: [{ name: A, token: T, colour: red }]'),
    'tenants[0].devices[0].colour: unknown key',
  ],
  [
    'a bad token',
    tenant('devices: [{ name: A, token: T1 }, { name: B, token: "no spaces" }]'),
    /^tenants\[0\]\.devices\[1\]\.token: must have 1 to 100/,
  ],
  ['a missing token', tenant('devices: [{ name: A }]'), /^tenants\[0\]\.devices\[0\]\.token: /],
  [
    'a short password',
    tenant('admins: [{ email: a@example.org, password: short }]'),
    /^tenants\[0\]\.admins\[0\]\.password: must have at least 12/,
  ],
  ['a bad address', 'system: { admins: [{ email: nobody }] }', 'system.admins[0].email: must be an email address'],
  [
    'an unknown provider',
    tenant('mailServers: [{ name: A, provider: pigeon }]'),
    /^tenants\[0\]\.mailServers\[0\]\.provider: /,
  ],
  ['a bad limit', tenant('limits: { telemetryPerSecond: 0 }'), /^tenants\[0\]\.limits\.telemetryPerSecond: /],
  ['an unknown limit', tenant('limits: { stars: 5 }'), 'tenants[0].limits.stars: unknown key'],
  [
    'an unknown scope',
    tenant('devices: [{ name: A, token: T, attributes: { address: x } }]'),
    'tenants[0].devices[0].attributes.address: unknown key',
  ],
  [
    'an unknown customer',
    tenant('devices: [{ name: A, token: T, customer: Nobody }]'),
    /^tenants\[0\]\.devices\[0\]\.customer: "Nobody" is not one of/,
  ],
  [
    'a device named twice',
    tenant('devices: [{ name: A, token: T }, { name: A, token: U }]'),
    /^tenants\[0\]\.devices\[1\]\.name: .*second time/,
  ],
  [
    'a token given twice',
    tenant('devices: [{ name: A, token: T }, { name: B, token: T }]'),
    /^tenants\[0\]\.devices\[1\]\.token: .*second time/,
  ],
  [
    'a person named twice',
    `system: { admins: [{ email: A@example.org }] }\n${tenant('operators: [{ email: a@example.org }]')}`,
    /^tenants\[0\]\.operators\[0\]\.email: .*second time/,
  ],
  [
    'two default servers',
    tenant(
      'mailServers: [{ name: A, provider: sandbox, default: true }, { name: B, provider: sandbox, default: true }]',
    ),
    /^tenants\[0\]\.mailServers\[1\]\.default: .*only one/,
  ],
  [
    'two roots',
    tenant('ruleChains: [{ file: a.json, root: true }, { file: b.json, root: true }]'),
    /^tenants\[0\]\.ruleChains\[1\]\.root: .*only one/,
  ],
  ['two tenants of one name', 'tenants: [{ name: A }, { name: A }]', /^tenants\[1\]\.name: .*second time/],
  [
    'a missing variable',
    tenant('devices: [{ name: A, token: "${NO_TOKEN}" }]'),
    'tenants[0].devices[0].token: the variable NO_TOKEN is not set',
  ],
  ['what is no YAML', 'tenants: [', /^: .* at line 1, column \d+/],
  ['a key twice', 'tenants: []\ntenants: []', /^: Map keys must be unique at line 2/],
  ['what is no map', '- tenants', /^: /],
])('refuses %s and says where', (_what, yaml, problem) => {
  expect(problems(yaml)).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
});

it('names every problem of a file at once', () => {
  expect(problems('tenants: [{ name: "", stars: 1 }, { name: A, devices: 5 }]')).toHaveLength(3);
});

it('says that a file is not there', () => {
  expect(() => readProvisioningFile(join(folder, 'none.yaml'), {})).toThrow(
    /none\.yaml cannot be applied; nothing was changed\.\nIt cannot be read \(ENOENT\)/,
  );
});

it('replaces macros in string values, after parsing, so that a variable never becomes structure', () => {
  const content = read(
    tenant('admins: [{ email: "${USER}@example.org", name: "${FULL:-Nobody}", password: "${PASSWORD}" }]'),
    {
      USER: 'tenant',
      PASSWORD: 'a: [b], "c" # ${USER} }',
    },
  );
  expect(content.tenants[0]?.admins).toEqual([
    { email: 'tenant@example.org', name: 'Nobody', language: null, password: 'a: [b], "c" # ${USER} }' },
  ]);
});

it('takes an empty variable for one that is not set, and an empty default for a value', () => {
  expect(
    read(tenant('customers: [{ name: A, attributes: { note: "${NOTE:-}", more: "${MORE:-x}" } }]'), { MORE: '' }),
  ).toMatchObject({
    tenants: [{ customers: [{ attributes: { note: '', more: 'x' } }] }],
  });
});

it('leaves $${ as ${, and does not touch keys', () => {
  expect(read(tenant('customers: [{ name: A, attributes: { "${KEY}": "$${value}" } }]'))).toMatchObject({
    tenants: [{ customers: [{ attributes: { '${KEY}': '${value}' } }] }],
  });
});

it('makes a number or a boolean of a value that is one macro, where the field wants one', () => {
  const yaml = tenant(
    'limits: { telemetryPerSecond: "${RATE}", mayUseSystemMail: "${MAIL}" }\ncustomers: [{ name: "${RATE}" }]',
  );
  expect(read(yaml, { RATE: '12', MAIL: 'true' }).tenants[0]).toMatchObject({
    limits: { telemetryPerSecond: 12, mayUseSystemMail: true },
    customers: [{ name: '12' }],
  });
  expect(problems(yaml, { RATE: 'many', MAIL: 'true' })).toEqual([
    expect.stringMatching(/^tenants\[0\]\.limits\.telemetryPerSecond: /),
  ]);
});
