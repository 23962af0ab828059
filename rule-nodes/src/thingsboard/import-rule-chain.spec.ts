import { readdirSync, readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { idOf } from '../testing/chain-builder.js';
import { assignMailServers } from './assign-mail-servers.js';
import { exportRuleChain } from './export-rule-chain.js';
import { importRuleChain, type ImportOptions } from './import-rule-chain.js';

const FIXTURES = new URL('./fixtures/', import.meta.url);
const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.json'));
const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8'));
const P = 'org.thingsboard.rule.engine';

function imported(json: unknown, more: Partial<ImportOptions> = {}) {
  const result = importRuleChain(json, { chainId: idOf('chain'), ...more });
  if (!result.ok) throw new Error(result.problems.join(' '));
  const { definition } = result.chain;
  const node = (name: string) => definition.nodes.find((each) => each.name === name);
  const notes = (name: string) => result.report.nodes.find((each) => each.name === name);
  return { ...result, definition, node, notes };
}
const fileOf = (nodes: unknown[], more: object = {}) => ({
  ruleChain: { name: 'Chain' },
  metadata: { firstNodeIndex: 0, nodes, connections: [], ...more },
});
const importNode = (type: string, configuration: unknown, more: object = {}) =>
  imported(fileOf([{ type: `${P}.${type}`, name: 'n', configuration, ...more }]));
const configOf = (type: string, configuration: unknown, more: object = {}) =>
  importNode(type, configuration, more).node('n')?.config;

// ── real files ───────────────────────────────────────────────────────────────────────────────────────────────────────
it.each(files)('imports %s, exports it and imports that again to the same definition', (name) => {
  const first = imported(fixture(name), { name: 'Chain' });
  const file = exportRuleChain(first.chain);
  const second = imported(file);
  expect(second.definition).toEqual(first.definition);
  expect(exportRuleChain(second.chain)).toEqual(file);
  expect(second.chain).toEqual(first.chain);
});

it.each(files)('keeps the ids of %s when it is imported again, and gives other chains others', (name) => {
  const ids = (chain: string) => imported(fixture(name), { chainId: idOf(chain) }).definition.nodes.map(({ id }) => id);
  expect(ids('chain')).toEqual(ids('chain'));
  expect(ids('other')).not.toEqual(ids('chain'));
});

it.each(files)('lets no secret of %s into the definition or the export', (name) => {
  const { definition, chain } = imported(fixture(name));
  expect(JSON.stringify([definition, exportRuleChain(chain)])).not.toContain('REDACTED');
});

it('reports on every node of the alarm mail tutorial, and that its recipient must be entered', () => {
  const { chain, report, notes, extractedSmtp } = imported(fixture('create_clear_alarm___send_email.json'));
  expect(chain).toMatchObject({ name: 'Create/Clear Alarm & Send Email', root: false, description: null });
  expect(report.nodes.map(({ level }) => level)).toEqual(['ok', 'ok', 'ok', 'ok', 'warning', 'info']);
  expect(notes('Temperature Email')?.notes[0]).toContain('"**Your Email**" is no mail address');
  expect(extractedSmtp).toEqual([]);
});

it('hands out the SMTP settings of a node with its own, with the password there alone', () => {
  const { extractedSmtp, definition, node } = imported(fixture('send_email_rule_chain.json'));
  expect(extractedSmtp).toEqual([
    {
      nodeId: node('SendGrid SMTP')?.id,
      nodeName: 'SendGrid SMTP',
      host: 'smtp.sendgrid.net',
      port: 25,
      protocol: 'smtp',
      tls: 'none',
      enableTls: false,
      tlsVersion: null,
      username: 'apikey',
      password: 'REDACTED',
      timeoutMs: 10_000,
      proxy: null,
    },
  ]);
  const serverId = '0198c0de-7a00-7000-8000-000000000001';
  const assigned = assignMailServers(definition, new Map(extractedSmtp.map(({ nodeId }) => [nodeId, serverId])));
  expect(assigned.nodes.at(-1)?.config['server']).toEqual({ use: 'named', serverId });
  expect(JSON.stringify(exportRuleChain({ name: 'x', definition: assigned }))).not.toContain(serverId);
});

it('brings old configurations of the customer and originator nodes up to date and renames old outputs', () => {
  const { node, notes, definition } = imported(fixture('send_email_rule_chain.json'));
  expect(node('Get Customer Email')?.config).toEqual({
    dataMapping: { email: 'customerEmail' },
    dataToFetch: 'ATTRIBUTES',
    fetchTo: 'METADATA',
  });
  expect(node('Get Device Location')?.config).toMatchObject({
    serverAttributeNames: ['address'],
    fetchTo: 'METADATA',
    tellFailureIfAbsent: false,
    getLatestValueWithTs: false,
  });
  expect(notes('Message Type Switch')).toMatchObject({ level: 'info' });
  expect(definition.connections.map(({ label }) => label)).toContain('RPC Request from Device');
});

it('makes a rule chain node of each legacy connection to another chain', () => {
  const { node, definition } = imported(fixture('root_rule_chain_email.json'));
  const input = node('Rule Chain Input');
  expect(input).toMatchObject({
    type: 'flow/rule-chain',
    layout: { x: 1138, y: 156 },
    config: { ruleChainId: '2d207550-9a3b-11e8-851b-0b1b022bf58b' },
  });
  expect(definition.connections.at(-1)).toEqual({ from: node('Save Timeseries')?.id, to: input?.id, label: 'Success' });
});

it('puts the chain of this product in the place of the one that the file names, or says that it is missing', () => {
  const file = fixture('root_rule_chain_email.json');
  const known = imported(file, { ruleChainOf: () => ({ id: idOf('mails'), name: 'Mails' }) });
  expect(known.node('Mails')?.config['ruleChainId']).toBe(idOf('mails'));
  const missing = imported(file, { ruleChainOf: () => null });
  expect(missing.notes('Rule Chain Input')).toMatchObject({ level: 'warning' });
});

it('reads bare metadata', () => {
  const { chain, definition, notes } = imported(fixture('RpcResponseRuleChainMetadata.json'), { name: 'RPC' });
  expect(chain.name).toBe('RPC');
  expect(definition.nodes.map(({ type }) => type)).toEqual([
    'filter/message-type-switch',
    'transformation/script',
    'unknown',
  ]);
  expect(notes('rpcReply')).toMatchObject({ level: 'warning', type: `${P}.rpc.TbSendRPCReplyNode` });
});

it('knows the device profile node in front of older root chains', () => {
  const { notes, definition, node } = imported(fixture('root_rule_chain_v4.2.json'));
  expect(definition.firstNodeId).toBe(node('Device Profile Node')?.id);
  expect(notes('Device Profile Node')).toMatchObject({ level: 'info' });
});

// ── tolerance ────────────────────────────────────────────────────────────────────────────────────────────────────────
it('takes what tools and people leave out: connections, first node, places, names, configurations', () => {
  const { definition, report } = imported({
    metadata: { nodes: [{ type: `${P}.action.TbLogNode` }], connections: null, firstNodeIndex: null },
  });
  expect(definition).toMatchObject({
    firstNodeId: null,
    connections: [],
    nodes: [{ name: 'log', type: 'action/log' }],
  });
  expect(report.nodes[0]).toMatchObject({ level: 'warning' });
  expect(report.notes).toEqual(['No message can enter the chain. Connect its input to a node.']);
});

it('takes numbers and booleans as texts', () => {
  const config = configOf('mail.TbSendEmailNode', {
    useSystemSmtpSettings: 'true',
    smtpPort: '465',
    timeout: '5000',
    proxyPort: 3128,
  });
  expect(config).toMatchObject({ useSystemSmtpSettings: true, smtpPort: 465, timeout: 5000, proxyPort: '3128' });
});

it("gives absent keys ThingsBoard's zero values, not those of a new node", () => {
  expect(configOf('mail.TbSendEmailNode', { smtpHost: 'h' })).toMatchObject({
    useSystemSmtpSettings: false,
    smtpPort: 0,
    timeout: 0,
    server: null,
  });
  expect(configOf('action.TbCreateAlarmNode', { alarmType: 'A', severity: 'MAJOR' })).toMatchObject({
    scriptLang: 'JS',
    overwriteAlarmDetails: true,
    propagate: false,
    relationTypes: [],
  });
  expect(configOf('mail.TbMsgToEmailNode', { toTemplate: 'a@b' })).toMatchObject({
    mailBodyType: 'false',
    escapeHtmlValues: false,
    subjectTemplate: null,
  });
});

it.each([
  [true, true],
  ['true', true],
  ['false', false],
  [null, false],
])('reads debugMode %s as %s', (debugMode, debug) => {
  expect(importNode('action.TbLogNode', {}, { debugMode }).node('n')?.debug).toBe(debug);
});

it('reads debugSettings and gives debug back as such', () => {
  const { node, chain } = importNode(
    'action.TbLogNode',
    { jsScript: "return '';" },
    { debugSettings: { allEnabled: true, failuresEnabled: true } },
  );
  expect(node('n')?.debug).toBe(true);
  expect(exportRuleChain(chain)).toMatchObject({ metadata: { nodes: [{ debugSettings: { allEnabled: true } }] } });
});

it('reads that failures alone are to be saved, and gives that back', () => {
  const settings = { allEnabled: false, failuresEnabled: true };
  const { node, chain } = importNode('action.TbLogNode', { jsScript: "return '';" }, { debugSettings: settings });
  expect(node('n')).toMatchObject({ debug: false, debugFailures: true });
  expect(exportRuleChain(chain)).toMatchObject({ metadata: { nodes: [{ debugSettings: settings }] } });
});

it('keeps the queue and the singleton mode of a node for the way back', () => {
  const { notes, chain } = importNode(
    'action.TbLogNode',
    { jsScript: "return '';" },
    { queueName: 'HighPriority', singletonMode: true },
  );
  expect(notes('n')).toMatchObject({ level: 'info' });
  expect(exportRuleChain(chain)).toMatchObject({
    metadata: { nodes: [{ queueName: 'HighPriority', singletonMode: true }] },
  });
});

it('keeps unknown nodes as they are, through import and export', () => {
  const foreign = {
    type: `${P}.mqtt.TbMqttNode`,
    name: 'n',
    configurationVersion: 2,
    singletonMode: true,
    externalId: null,
    configuration: { host: 'h', credentials: { type: 'anonymous' } },
    additionalInfo: { layoutX: 1, layoutY: 2, description: 'd', extra: true },
  };
  const { chain, notes } = imported(fileOf([foreign]));
  expect(exportRuleChain(chain)).toMatchObject({ metadata: { nodes: [foreign] } });
  expect(notes('n')?.notes[0]).toContain(`${P}.mqtt.TbMqttNode`);
});

it('leaves connections without ends out and says so', () => {
  const { report, definition } = imported(
    fileOf([{ type: `${P}.flow.TbRuleChainOutputNode`, name: 'n' }], {
      connections: [{ fromIndex: 0, toIndex: 9, type: 'Success' }],
    }),
  );
  expect(definition.connections).toEqual([]);
  expect(report.notes[0]).toContain('left out');
});

it('reports self connections, circles and outputs that do not exist at their node', () => {
  const log = { type: `${P}.action.TbLogNode`, configuration: { jsScript: "return '';" } };
  const connections = [
    { fromIndex: 0, toIndex: 1, type: 'Success' },
    { fromIndex: 1, toIndex: 0, type: 'True' },
  ];
  const { notes } = imported(
    fileOf(
      [
        { ...log, name: 'a' },
        { ...log, name: 'b' },
      ],
      { connections },
    ),
  );
  expect(notes('b')).toMatchObject({ level: 'error' });
  expect(notes('b')?.notes).toHaveLength(2);
});

it('keeps a configuration that is wrong, and says what is wrong', () => {
  const { node, notes } = importNode('action.TbCreateAlarmNode', { alarmType: 'A', severity: 'AWFUL' });
  expect(node('n')?.config).toMatchObject({ severity: 'AWFUL' });
  expect(notes('n')).toMatchObject({ level: 'error' });
  expect(notes('n')?.notes.join()).toContain('Incorrect Alarm Severity value: AWFUL');
});

it('leaves keys that a node does not know out, for ThingsBoard would not start the node with them', () => {
  const { node, notes, chain } = importNode('action.TbLogNode', { jsScript: "return '';", stray: 1 });
  expect(node('n')?.config).not.toHaveProperty('stray');
  expect(notes('n')?.notes[0]).toContain('stray');
  expect(JSON.stringify(exportRuleChain(chain))).not.toContain('stray');
});

it('never exports the own settings of this product', () => {
  const nodes = [{ type: `${P}.mail.TbMsgToEmailNode` }, { type: `${P}.mail.TbSendEmailNode` }];
  const text = JSON.stringify(exportRuleChain(imported(fileOf(nodes)).chain));
  for (const own of ['escapeHtmlValues', '"server"', 'giveUpAfterSeconds', 'assword']) expect(text).not.toContain(own);
});

it('warns of TBEL that is no JavaScript', () => {
  const script = 'foreach (x : list) { } return true;';
  const { notes } = importNode('filter.TbJsFilterNode', { scriptLang: 'TBEL', tbelScript: script, jsScript: null });
  expect(notes('n')).toMatchObject({ level: 'warning' });
  expect(
    importNode('filter.TbJsFilterNode', { scriptLang: 'TBEL', tbelScript: 'return true;' }).notes('n')?.level,
  ).toBe('info');
});

// ── SMTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
it.each([
  [
    { smtpProtocol: 'smtps', smtpPort: 465 },
    { tls: 'implicit', port: 465 },
  ],
  [
    { smtpProtocol: 'smtp', enableTls: true, smtpPort: '587' },
    { tls: 'starttls', port: 587 },
  ],
  [
    { smtpProtocol: 'smtp', enableTls: 'false', smtpPort: 25 },
    { tls: 'none', port: 25 },
  ],
  [{ smtpProtocol: 'smtps' }, { tls: 'implicit', port: 465 }],
])('maps the encryption of %o', (settings, expected) => {
  const configuration = { useSystemSmtpSettings: false, smtpHost: 'h', ...settings };
  expect(importNode('mail.TbSendEmailNode', configuration).extractedSmtp[0]).toMatchObject(expected);
});

it('takes a proxy with its password out of the chain too', () => {
  const configuration = {
    useSystemSmtpSettings: false,
    smtpHost: 'h',
    enableProxy: true,
    proxyHost: 'p',
    proxyPort: '3128',
    proxyUser: 'u',
    proxyPassword: 'secret-1',
    username: 'user',
    password: 'secret-2',
  };
  const { extractedSmtp, definition } = importNode('mail.TbSendEmailNode', configuration);
  expect(extractedSmtp[0]).toMatchObject({
    password: 'secret-2',
    proxy: { host: 'p', port: 3128, username: 'u', password: 'secret-1' },
  });
  expect(JSON.stringify(definition)).not.toContain('secret-');
});

it('keeps the password out of the chain where its other settings are wrong', () => {
  const configuration = {
    useSystemSmtpSettings: false,
    smtpHost: 'h',
    smtpPort: 99_999,
    username: 'u',
    password: 'secret-1',
    proxyPassword: 'secret-2',
  };
  const { definition, notes } = importNode('mail.TbSendEmailNode', configuration);
  expect(notes('n')).toMatchObject({ level: 'error' });
  expect(JSON.stringify(definition)).not.toContain('secret-');
});

it('does not take the secrets of unknown nodes in, and names what it left out', () => {
  const configuration = {
    host: 'h',
    credentials: { type: 'basic', username: 'u', password: 'secret-1' },
    botToken: 'secret-2',
    secretAccessKey: 'secret-3',
    headers: { Authorization: 'secret-4', 'X-Token': '${token}' },
    requestIdMetaDataAttribute: 'requestId',
  };
  const { definition, notes, node } = importNode('rest.TbRestApiCallNode', configuration);
  expect(JSON.stringify(definition)).not.toContain('secret-');
  expect(node('n')?.foreign).toMatchObject({
    configuration: {
      host: 'h',
      credentials: { username: 'u', password: '' },
      headers: { 'X-Token': '${token}' },
      requestIdMetaDataAttribute: 'requestId',
    },
  });
  expect(notes('n')?.notes[0]).toContain('credentials.password, botToken, secretAccessKey, headers.Authorization');
});

// ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
it.each([
  ['no object', 'text', 'This is no ThingsBoard rule chain'],
  ['null', null, 'This is no ThingsBoard rule chain'],
  ['something else', { dashboard: {} }, 'This is no ThingsBoard rule chain'],
  [
    'nodes that are no list',
    { ruleChain: { name: 'x' }, metadata: { nodes: {} } },
    'This is no ThingsBoard rule chain',
  ],
  ['a node without a type', fileOf([{ name: 'x' }]), 'Node 0 of the file cannot be read'],
  ['an edge chain', { ruleChain: { name: 'x', type: 'EDGE' }, metadata: { nodes: [] } }, 'of the type EDGE'],
  ['many chains', { ruleChains: [{}, {}], metadata: [{}, {}] }, 'holds 2 rule chains'],
])('refuses %s with a sentence', (_, json, sentence) => {
  const result = importRuleChain(json, { chainId: idOf('chain') });
  expect(result.ok ? '' : result.problems.join(' ')).toContain(sentence);
});

it('refuses what is nested to overflow the stack', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  expect(importRuleChain({ metadata: { nodes: [], deep } }, { chainId: idOf('chain') }).ok).toBe(false);
});

it("takes a server's export of one chain", () => {
  const { chain } = imported({ ruleChains: [{ name: 'One', root: true }], metadata: [{ nodes: [], connections: [] }] });
  expect(chain).toMatchObject({ name: 'One', root: true });
});
