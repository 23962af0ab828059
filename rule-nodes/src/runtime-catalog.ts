/** The behaviour of all nodes; loading it checks it against the descriptors. */
import { CATALOG } from './catalog.js';
import { joinCatalog } from './node/join-catalog.js';
import { clearAlarmRun } from './nodes/action/clear-alarm/clear-alarm.run.js';
import { createAlarmRun } from './nodes/action/create-alarm/create-alarm.run.js';
import { deviceProfileRun } from './nodes/action/device-profile/device-profile.run.js';
import { logRun } from './nodes/action/log/log.run.js';
import { saveAttributesRun } from './nodes/action/save-attributes/save-attributes.run.js';
import { saveTimeSeriesRun } from './nodes/action/save-time-series/save-time-series.run.js';
import { customerAttributesRun } from './nodes/enrichment/customer-attributes/customer-attributes.run.js';
import { originatorAttributesRun } from './nodes/enrichment/originator-attributes/originator-attributes.run.js';
import { sendEmailRun } from './nodes/external/send-email/send-email.run.js';
import { messageTypeSwitchRun } from './nodes/filter/message-type-switch/message-type-switch.run.js';
import { scriptFilterRun } from './nodes/filter/script/script.run.js';
import { outputRun } from './nodes/flow/output/output.run.js';
import { ruleChainRun } from './nodes/flow/rule-chain/rule-chain.run.js';
import { scriptTransformRun } from './nodes/transformation/script/script.run.js';
import { toEmailRun } from './nodes/transformation/to-email/to-email.run.js';

export const RUNTIME_CATALOG = joinCatalog(CATALOG, [
  messageTypeSwitchRun,
  scriptFilterRun,
  originatorAttributesRun,
  customerAttributesRun,
  scriptTransformRun,
  toEmailRun,
  saveTimeSeriesRun,
  saveAttributesRun,
  createAlarmRun,
  clearAlarmRun,
  logRun,
  deviceProfileRun,
  sendEmailRun,
  ruleChainRun,
  outputRun,
]);
