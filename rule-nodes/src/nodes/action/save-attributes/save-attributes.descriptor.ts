import { z } from 'zod';

import { flag, isTrue, oneOf } from '../../../language/config-fields.js';
import type { Json, JsonObject } from '../../../language/rule-message.js';
import { describeNode } from '../../../node/describe-node.js';
import { ATTRIBUTE_SCOPES } from '../../../node/ports.js';
import { ON_EVERY_MESSAGE, processingSettings } from '../processing-settings.js';

export const saveAttributesNode = describeNode({
  type: 'action/save-attributes',
  name: 'save attributes',
  summary: 'Stores the values of an attributes message.',
  help: [
    'Takes messages of the type POST_ATTRIBUTES_REQUEST and stores their values as attributes of the originator, in the scope',
    'that metadata.scope names, else in the one chosen here.',
  ].join(' '),
  icon: 'sell',
  config: z.object({
    scope: oneOf(ATTRIBUTE_SCOPES, 'SERVER_SCOPE').meta({
      title: 'Scope',
      ui: { widget: 'select', choices: { CLIENT_SCOPE: 'Client', SHARED_SCOPE: 'Shared', SERVER_SCOPE: 'Server' } },
    }),
    notifyDevice: flag().meta({
      title: 'Tell the device',
      description: 'Of changed shared attributes; metadata.notifyDevice = false keeps it quiet.',
      ui: { showWhen: { field: 'scope', isOneOf: ['SHARED_SCOPE'] } },
    }),
    sendAttributesUpdatedNotification: flag().meta({
      title: 'Send a message ATTRIBUTES_UPDATED to the root chain',
      ui: { showWhen: { field: 'scope', isOneOf: ['SHARED_SCOPE', 'SERVER_SCOPE'] } },
    }),
    updateAttributesOnlyOnValueChange: flag().meta({ title: 'Store only what changed' }),
    processingSettings: processingSettings(['attributes']),
  }),
  upgrades: [
    (config) => ({ updateAttributesOnlyOnValueChange: false, ...config }),
    (config) => ({
      ...config,
      notifyDevice: booleanOf(config, 'notifyDevice', true),
      sendAttributesUpdatedNotification: booleanOf(config, 'sendAttributesUpdatedNotification', false),
      updateAttributesOnlyOnValueChange: booleanOf(config, 'updateAttributesOnlyOnValueChange', true),
    }),
    (config) => ({ ...config, processingSettings: ON_EVERY_MESSAGE }),
  ],
  defaults: {
    scope: 'SERVER_SCOPE',
    notifyDevice: false,
    sendAttributesUpdatedNotification: false,
    updateAttributesOnlyOnValueChange: true,
    processingSettings: ON_EVERY_MESSAGE,
  },
  example: {
    scope: 'SHARED_SCOPE',
    notifyDevice: true,
    sendAttributesUpdatedNotification: true,
    updateAttributesOnlyOnValueChange: true,
    processingSettings: { type: 'DEDUPLICATE', deduplicationIntervalSecs: 3600 },
  },
  outputs: ['Success'],
  uses: ['attributes'],
  thingsboard: { type: 'org.thingsboard.rule.engine.telemetry.TbMsgAttributesNode', version: 3 },
});

/** Version 1 kept its switches as texts. */
function booleanOf(config: JsonObject, key: string, absent: boolean): boolean {
  const value: Json | undefined = config[key];
  if (value === undefined || value === null || value === '') return absent;
  return isTrue(value);
}
