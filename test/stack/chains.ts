import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURES = fileURLToPath(new URL('../../rule-nodes/src/thingsboard/fixtures/', import.meta.url));
const TYPE = 'org.thingsboard.rule.engine.';

interface ChainFile {
  readonly ruleChain: object;
  readonly metadata: {
    readonly nodes: { readonly type: string; readonly configuration: Record<string, unknown> }[];
    readonly connections: readonly object[];
    readonly firstNodeIndex?: number | null;
    readonly ruleChainConnections?: null;
  };
}

/** A real ThingsBoard file. */
export const fixture = (name: string): string => join(FIXTURES, name);

/** The tutorial's file with the one thing filled in that it leaves to its reader: who gets the mail. */
export function tutorial(folder: string, recipient: string): string {
  const name = 'create_clear_alarm___send_email.json';
  const file = join(folder, name);
  writeFileSync(file, readFileSync(fixture(name), 'utf8').replace('**Your Email**', recipient));
  return file;
}

/** As `tutorial`, and the message waits for its mail: what ended at Failure would be a dead letter. */
export function waitingTutorial(folder: string, recipient: string): string {
  const { metadata, ...chain } = JSON.parse(readFileSync(tutorial(folder, recipient), 'utf8')) as ChainFile;
  const fromIndex = metadata.nodes.findIndex(({ type }) => type.endsWith('.TbSendEmailNode'));
  const after = node('action.TbLogNode', 'log', { scriptLang: 'JS', jsScript: "return 'sent';" });
  const connection = { fromIndex, toIndex: metadata.nodes.length, type: 'Success' };
  const nodes = [...metadata.nodes, after];
  return write(folder, 'waiting-tutorial.json', {
    ...chain,
    metadata: { ...metadata, nodes, connections: [...metadata.connections, connection] },
  });
}

/** A copy of a fixture in `folder`, with the send email nodes changed. */
export function withSmtp(name: string, folder: string, settings: Readonly<Record<string, unknown>>): string {
  const chain = JSON.parse(readFileSync(fixture(name), 'utf8')) as ChainFile;
  for (const node of chain.metadata.nodes) {
    if (node.type.endsWith('.TbSendEmailNode')) Object.assign(node.configuration, settings);
  }
  return write(folder, name, chain);
}

const chainNamed = (name: string) => ({
  name,
  type: 'CORE',
  root: false,
  debugMode: false,
  configuration: null,
  additionalInfo: null,
  firstRuleNodeId: null,
});

/** Its subject is the telemetry's `id`. */
const MAIL = {
  fromTemplate: 'device@example.org',
  toTemplate: 'operator@example.org',
  ccTemplate: null,
  bccTemplate: null,
  subjectTemplate: '$[id]',
  bodyTemplate: '${deviceName} says $[id]',
  mailBodyType: 'false',
};

/** Every telemetry becomes one mail; its subject is the telemetry's `id`. */
export function mailEachMessage(folder: string): string {
  return write(folder, 'mail-each-message.json', {
    ruleChain: chainNamed('Mail each message'),
    metadata: {
      firstNodeIndex: 0,
      nodes: [
        node('mail.TbMsgToEmailNode', 'to email', MAIL),
        node('mail.TbSendEmailNode', 'send email', { useSystemSmtpSettings: true }),
      ],
      connections: [{ fromIndex: 0, toIndex: 1, type: 'Success' }],
      ruleChainConnections: null,
    },
  });
}

/** Every telemetry raises an alarm of its device and sends one mail; with `broken` it becomes a dead letter. */
export function alarmAndMail(folder: string): string {
  const check =
    "if (msg.broken) { throw new Error('broken'); } return { msg: msg, metadata: metadata, msgType: msgType };";
  return write(folder, 'alarm-and-mail.json', {
    ruleChain: chainNamed('Alarm and mail'),
    metadata: {
      firstNodeIndex: 0,
      nodes: [
        node('filter.TbJsFilterNode', 'telemetry', { jsScript: "return msgType === 'POST_TELEMETRY_REQUEST';" }),
        node('transform.TbTransformMsgNode', 'check', { scriptLang: 'JS', jsScript: check }),
        node('action.TbCreateAlarmNode', 'create alarm', {
          alarmType: 'Hot',
          alarmDetailsBuildJs: 'return {};',
          severity: 'CRITICAL',
          propagate: false,
        }),
        node('mail.TbMsgToEmailNode', 'to email', MAIL),
        node('mail.TbSendEmailNode', 'send email', { useSystemSmtpSettings: true }),
      ],
      connections: [
        { fromIndex: 0, toIndex: 1, type: 'True' },
        { fromIndex: 1, toIndex: 2, type: 'Success' },
        { fromIndex: 2, toIndex: 3, type: 'Created' },
        { fromIndex: 3, toIndex: 4, type: 'Success' },
      ],
      ruleChainConnections: null,
    },
  });
}

/** What devices tell of themselves is kept as shared attributes, and told back to them; telemetry is stored. */
export function echoAttributes(folder: string): string {
  return write(folder, 'echo-attributes.json', {
    ruleChain: chainNamed('Echo attributes'),
    metadata: {
      firstNodeIndex: 0,
      nodes: [
        node('filter.TbMsgTypeSwitchNode', 'message type switch', {}),
        node('telemetry.TbMsgAttributesNode', 'share', { scope: 'SHARED_SCOPE', notifyDevice: true }),
        node('telemetry.TbMsgTimeseriesNode', 'store', { defaultTTL: 0 }),
      ],
      connections: [
        { fromIndex: 0, toIndex: 1, type: 'Post attributes' },
        { fromIndex: 0, toIndex: 2, type: 'Post telemetry' },
      ],
      ruleChainConnections: null,
    },
  });
}

const node = (type: string, name: string, configuration: Record<string, unknown>) => ({
  type: TYPE + type,
  name,
  configuration,
  additionalInfo: { layoutX: 0, layoutY: 0 },
});

function write(folder: string, name: string, chain: ChainFile): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(chain));
  return file;
}
