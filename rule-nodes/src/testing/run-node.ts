import type { JsonObject, RuleMessage } from '../language/rule-message.js';
import { RUNTIME_CATALOG } from '../runtime-catalog.js';
import type { Outcome } from '../node/outcome.js';
import { idOf } from './chain-builder.js';
import { RecordingPorts } from './recording-ports.js';

export interface NodeTrial {
  readonly recording?: RecordingPorts;
  /** Outputs on which something hangs. */
  readonly connected?: readonly string[];
  readonly name?: string;
}

/** Runs one node alone; a configuration that is not accepted throws its problems. */
export async function runNode(
  type: string,
  config: JsonObject,
  messages: readonly RuleMessage[],
  { recording = new RecordingPorts(), connected = [], name = 'node' }: NodeTrial = {},
): Promise<readonly Outcome[]> {
  const site = { nodeId: idOf(name), nodeName: name, isConnected: (label: string) => connected.includes(label) };
  const prepared = RUNTIME_CATALOG.get(type)?.prepare(config, site);
  if (!prepared?.ok) throw new Error(prepared?.problems.join(' ') ?? `There is no node ${type}.`);
  const { behaviour } = prepared;
  if (behaviour.kind === 'pure') return messages.map(behaviour.run);
  const scope = {
    tenantId: idOf('tenant'),
    chainId: idOf('root'),
    chainVersion: 1,
    nodeId: site.nodeId,
    nodeName: name,
  };
  return behaviour.run(messages, recording.at(scope));
}

/** The only outcome of the only message. */
export async function runOnce(
  type: string,
  config: JsonObject,
  message: RuleMessage,
  trial?: NodeTrial,
): Promise<Outcome> {
  const [outcome] = await runNode(type, config, [message], trial);
  if (!outcome) throw new Error('The node gave no outcome.');
  return outcome;
}
