import { z } from 'zod';

import { flag, texts } from '../../../language/config-fields.js';
import { describeNode } from '../../../node/describe-node.js';
import { fetchToField } from '../fetch-to.js';
import { fetchToFromBoolean } from '../upgrades.js';

const keys = (title: string) =>
  texts().meta({ title, description: 'Names may hold ${metadataKey} and $[dataKey].', ui: { widget: 'chips' } });

export const originatorAttributesNode = describeNode({
  type: 'enrichment/originator-attributes',
  name: 'originator attributes',
  summary: 'Adds attributes and latest telemetry of the originator.',
  help: [
    'Client attributes are added with the prefix cs_, shared ones with shared_, server ones with ss_, latest telemetry',
    'without a prefix.',
  ].join(' '),
  icon: 'playlist_add',
  config: z.object({
    clientAttributeNames: keys('Client attributes'),
    sharedAttributeNames: keys('Shared attributes'),
    serverAttributeNames: keys('Server attributes'),
    latestTsKeyNames: keys('Latest telemetry'),
    tellFailureIfAbsent: flag().meta({ title: 'Fail where a key has no value' }),
    getLatestValueWithTs: flag().meta({ title: 'Latest telemetry with its time' }),
    fetchTo: fetchToField(),
  }),
  upgrades: [fetchToFromBoolean('fetchToData', 'DATA', 'METADATA')],
  defaults: {
    clientAttributeNames: [],
    sharedAttributeNames: [],
    serverAttributeNames: [],
    latestTsKeyNames: [],
    tellFailureIfAbsent: true,
    getLatestValueWithTs: false,
    fetchTo: 'METADATA',
  },
  example: {
    clientAttributeNames: ['firmware'],
    sharedAttributeNames: ['limit'],
    serverAttributeNames: ['address', '${deviceType}-owner'],
    latestTsKeyNames: ['temperature'],
    tellFailureIfAbsent: false,
    getLatestValueWithTs: true,
    fetchTo: 'METADATA',
  },
  outputs: ['Success'],
  uses: ['attributes', 'timeseries'],
  thingsboard: { type: 'org.thingsboard.rule.engine.metadata.TbGetAttributesNode', version: 1 },
});
