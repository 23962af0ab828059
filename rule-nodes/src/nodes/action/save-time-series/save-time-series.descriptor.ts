import { z } from 'zod';

import { flag, isTrue, wholeNumber } from '../../../language/config-fields.js';
import type { JsonObject } from '../../../language/rule-message.js';
import { describeNode } from '../../../node/describe-node.js';
import { ON_EVERY_MESSAGE, processingSettings, SKIP } from '../processing-settings.js';

export const saveTimeSeriesNode = describeNode({
  type: 'action/save-time-series',
  name: 'save time series',
  summary: 'Stores the values of a telemetry message.',
  help: [
    'Takes messages of the type POST_TELEMETRY_REQUEST and stores their values for the originator. The time of a value is its',
    'own, else metadata.ts, else when the message was accepted. metadata.TTL, in seconds, wins over the default.',
  ].join(' '),
  icon: 'timeline',
  config: z.object({
    defaultTTL: wholeNumber({ min: 0 }).meta({
      title: 'Keep for',
      description: '0: as long as the tenant keeps its data.',
      ui: { unit: 's' },
    }),
    useServerTs: flag().meta({ title: 'Use the time when the message was accepted' }),
    processingSettings: processingSettings(['timeseries', 'latest']),
  }),
  upgrades: [latestSkippedBefore],
  defaults: { defaultTTL: 0, useServerTs: false, processingSettings: ON_EVERY_MESSAGE },
  example: {
    defaultTTL: 86_400,
    useServerTs: true,
    processingSettings: { type: 'DEDUPLICATE', deduplicationIntervalSecs: 60 },
  },
  outputs: ['Success'],
  uses: ['timeseries'],
  thingsboard: { type: 'org.thingsboard.rule.engine.telemetry.TbMsgTimeseriesNode', version: 1 },
});

/** Version 0 had a switch, as a boolean or a text, that left the latest values out. */
function latestSkippedBefore({ skipLatestPersistence, ...config }: JsonObject): JsonObject {
  if (!isTrue(skipLatestPersistence)) return { ...config, processingSettings: ON_EVERY_MESSAGE };
  const always = ON_EVERY_MESSAGE;
  const settings = { type: 'ADVANCED', timeseries: always, latest: SKIP, webSockets: always, calculatedFields: always };
  return { ...config, processingSettings: settings };
}
