import { deriveId } from '../../../language/derive-id.js';
import { readAttributes } from '../../../language/key-values.js';
import { POST_ATTRIBUTES_REQUEST } from '../../../language/message-types.js';
import type { RuleMessage } from '../../../language/rule-message.js';
import { implementBatch } from '../../../node/implement-node.js';
import { failed, success, type Outcome } from '../../../node/outcome.js';
import { ATTRIBUTE_SCOPES, type AttributePort, type AttributeScope, type AttributeWrite } from '../../../node/ports.js';
import { Deduplication, strategyFor, type Strategy } from '../processing-settings.js';
import { saveAttributesNode } from './save-attributes.descriptor.js';

interface Config {
  readonly scope: AttributeScope;
  readonly notifyDevice: boolean;
  readonly sendAttributesUpdatedNotification: boolean;
  readonly updateAttributesOnlyOnValueChange: boolean;
}

export const saveAttributesRun = implementBatch(saveAttributesNode, (config, { nodeId }) => {
  const strategy = strategyFor(config.processingSettings, 'attributes');
  return async (messages, { attributes }) => {
    const requests = messages.map((message) => requestOf(message, config, nodeId));
    const wanted = requests.flatMap(({ write }) => (write && write.values.length > 0 ? [write] : []));
    const writes = await decide(attributes, wanted, strategy);
    if (writes.length > 0) await attributes.write(writes);
    return requests.map(({ outcome }) => outcome);
  };
});

interface Request {
  readonly outcome: Outcome;
  readonly write?: AttributeWrite;
}

function requestOf(message: RuleMessage, config: Config, nodeId: string): Request {
  if (message.type !== POST_ATTRIBUTES_REQUEST)
    return { outcome: failed(message, 'message-type', `Unsupported msg type: ${message.type}`) };
  const scope = scopeOf(message, config.scope);
  if (!scope)
    return { outcome: failed(message, 'message-scope', `There is no attribute scope ${message.metadata['scope']}.`) };
  const read = readAttributes(message.data, message.ts);
  if (!read.ok) return { outcome: failed(message, 'message-data', read.problem) };
  return {
    outcome: success(message),
    write: { entity: message.originator, scope, values: read.values, ...told(message, config, nodeId) },
  };
}

function scopeOf({ metadata }: RuleMessage, byDefault: AttributeScope): AttributeScope | undefined {
  const named = metadata['scope'];
  return named ? ATTRIBUTE_SCOPES.find((scope) => scope === named) : byDefault;
}

/** As in ThingsBoard a message that says nothing asks for the device to be told. */
function told({ id, metadata }: RuleMessage, config: Config, nodeId: string) {
  const asked = metadata['notifyDevice'];
  return {
    onlyIfChanged: config.updateAttributesOnlyOnValueChange,
    notifyDevice: config.notifyDevice || !asked || asked.toLowerCase() === 'true',
    ...(config.sendAttributesUpdatedNotification ? { announceAs: deriveId(id, nodeId, 'announce', 0) } : {}),
  };
}

async function decide(
  attributes: AttributePort,
  writes: readonly AttributeWrite[],
  strategy: Strategy,
): Promise<readonly AttributeWrite[]> {
  if (strategy.type !== 'DEDUPLICATE') return strategy.type === 'SKIP' ? [] : writes;
  const deduplication = new Deduplication(strategy.deduplicationIntervalSecs);
  const calls = writes.map(({ entity, scope, values }) => ({ entity, scope, keys: values.map(({ key }) => key) }));
  const stored = await attributes.read(calls);
  return writes.filter(({ entity, values }, index) => {
    const [first] = values;
    return (
      first !== undefined &&
      deduplication.isNew({ entity, ts: first.ts, keys: values.map(({ key }) => key) }, stored[index] ?? [])
    );
  });
}
