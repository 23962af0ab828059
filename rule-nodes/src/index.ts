/** The rule language and the descriptions of all nodes: safe in a browser, zod and uuid alone. */
export * from './catalog.js';
export * from './language/derive-id.js';
export * from './language/email-draft.js';
export * from './language/park-id.js';
export * from './language/rule-chain.js';
export * from './language/rule-message.js';
export * from './language/ui-hints.js';
export * from './language/validate-chain.js';
export * from './language/mail-server-choice.js';
export * from './language/message-types.js';
export { readAttributes, readTelemetry } from './language/key-values.js';
export { parseTemplate, type Template } from './language/template.js';
export * from './node/describe-node.js';
export {
  ALARM_SEVERITIES,
  ALARM_STATUSES,
  ATTRIBUTE_SCOPES,
  type Alarm,
  type AlarmSeverity,
  type AlarmStatus,
  type AttributeScope,
  type PortName,
} from './node/ports.js';
export * from './node/upgrade-config.js';
export { SUPPRESSED } from './nodes/external/send-email/send-email.descriptor.js';
