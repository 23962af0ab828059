/** Telemetry over the threshold raises an alarm; created or updated, it is mailed. As a ThingsBoard rule-chain file. */
const node = (type: string, name: string, configuration: object) => ({
  type: `org.thingsboard.rule.engine.${type}`,
  name,
  configurationVersion: 0,
  configuration,
  debugSettings: null,
  singletonMode: false,
  queueName: null,
  additionalInfo: { description: '', layoutX: 100, layoutY: 100 },
});
const script = (source: string) => ({ scriptLang: 'JS', jsScript: source, tbelScript: source });
const details = 'return { id: msg.id, temperature: msg.temperature };';

const NODES = [
  node('filter.TbJsFilterNode', 'Too hot?', script('return msg.temperature > 80;')),
  node('action.TbCreateAlarmNode', 'Raise the alarm', {
    scriptLang: 'JS',
    alarmDetailsBuildJs: details,
    alarmDetailsBuildTbel: details,
    alarmType: 'High temperature',
    severity: 'CRITICAL',
    dynamicSeverity: false,
    propagate: false,
    propagateToOwner: false,
    propagateToTenant: false,
    relationTypes: [],
    useMessageAlarmData: false,
    overwriteAlarmDetails: true,
  }),
  node('mail.TbMsgToEmailNode', 'Write the mail', {
    fromTemplate: 'alarms@example.org',
    toTemplate: 'user@example.org',
    ccTemplate: null,
    bccTemplate: null,
    subjectTemplate: 'bench $[details.id]',
    bodyTemplate: '${deviceName} has $[details.temperature] degrees.',
    mailBodyType: 'false',
    isHtmlTemplate: null,
  }),
  node('mail.TbSendEmailNode', 'Send it', { useSystemSmtpSettings: true }),
];

export const BENCH_CHAIN = {
  ruleChain: {
    name: 'Bench',
    type: 'CORE',
    firstRuleNodeId: null,
    root: true,
    debugMode: false,
    configuration: null,
    additionalInfo: null,
  },
  metadata: {
    firstNodeIndex: 0,
    nodes: NODES,
    connections: [
      { fromIndex: 0, toIndex: 1, type: 'True' },
      { fromIndex: 1, toIndex: 2, type: 'Created' },
      { fromIndex: 1, toIndex: 2, type: 'Updated' },
      { fromIndex: 2, toIndex: 3, type: 'Success' },
    ],
    ruleChainConnections: null,
  },
};
