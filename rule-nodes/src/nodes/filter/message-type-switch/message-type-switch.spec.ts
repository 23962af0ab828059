import { expect, it } from 'vitest';

import { telemetry } from '../../../testing/chain-builder.js';
import { runOnce } from '../../../testing/run-node.js';

const labelOf = async (type: string) => {
  const outcome = await runOnce('filter/message-type-switch', {}, telemetry({}, { type }));
  return outcome.kind === 'emitted' ? outcome.emissions[0]?.label : outcome.kind;
};

it.each([
  ['POST_TELEMETRY_REQUEST', 'Post telemetry'],
  ['POST_ATTRIBUTES_REQUEST', 'Post attributes'],
  ['TO_SERVER_RPC_REQUEST', 'RPC Request from Device'],
  ['RPC_CALL_FROM_SERVER_TO_DEVICE', 'RPC Request to Device'],
  ['ALARM', 'Alarm'],
  ['ALARM_ACK', 'Alarm Acknowledged'],
  ['RELATION_ADD_OR_UPDATE', 'Relation Added or Updated'],
  ['RELATIONS_DELETED', 'All Relations Deleted'],
  ['REST_API_REQUEST', 'REST API request'],
  ['SEND_EMAIL', 'Other'],
  ['ALARM_DELETE', 'Other'],
  ['my own type', 'Other'],
  ['constructor', 'Other'],
])('lets %s out at %s', async (type, label) => {
  expect(await labelOf(type)).toBe(label);
});
