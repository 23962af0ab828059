/** The descriptors of all nodes, in palette order. */
import type { NodeDescriptor } from './node/describe-node.js';
import { clearAlarmNode } from './nodes/action/clear-alarm/clear-alarm.descriptor.js';
import { createAlarmNode } from './nodes/action/create-alarm/create-alarm.descriptor.js';
import { deviceProfileNode } from './nodes/action/device-profile/device-profile.descriptor.js';
import { logNode } from './nodes/action/log/log.descriptor.js';
import { saveAttributesNode } from './nodes/action/save-attributes/save-attributes.descriptor.js';
import { saveTimeSeriesNode } from './nodes/action/save-time-series/save-time-series.descriptor.js';
import { customerAttributesNode } from './nodes/enrichment/customer-attributes/customer-attributes.descriptor.js';
import { originatorAttributesNode } from './nodes/enrichment/originator-attributes/originator-attributes.descriptor.js';
import { sendEmailNode } from './nodes/external/send-email/send-email.descriptor.js';
import { messageTypeSwitchNode } from './nodes/filter/message-type-switch/message-type-switch.descriptor.js';
import { scriptFilterNode } from './nodes/filter/script/script.descriptor.js';
import { outputNode } from './nodes/flow/output/output.descriptor.js';
import { ruleChainNode } from './nodes/flow/rule-chain/rule-chain.descriptor.js';
import { scriptTransformNode } from './nodes/transformation/script/script.descriptor.js';
import { toEmailNode } from './nodes/transformation/to-email/to-email.descriptor.js';

export const CATALOG: readonly NodeDescriptor[] = [
  messageTypeSwitchNode,
  scriptFilterNode,
  originatorAttributesNode,
  customerAttributesNode,
  scriptTransformNode,
  toEmailNode,
  saveTimeSeriesNode,
  saveAttributesNode,
  createAlarmNode,
  clearAlarmNode,
  logNode,
  deviceProfileNode,
  sendEmailNode,
  ruleChainNode,
  outputNode,
];

const byType = new Map<string, NodeDescriptor>(CATALOG.map((descriptor) => [descriptor.type, descriptor]));
const byThingsBoardType = new Map(CATALOG.map((descriptor) => [descriptor.thingsboard.type, descriptor]));

/** The descriptor of a stored node's type; undefined for `unknown` and for types of a newer version. */
export const descriptorOf = (type: string): NodeDescriptor | undefined => byType.get(type);

/** The descriptor of a ThingsBoard node by its Java class. */
export const descriptorOfThingsBoard = (javaClass: string): NodeDescriptor | undefined =>
  byThingsBoardType.get(javaClass);
