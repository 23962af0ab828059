import { z } from 'zod';

import { oneOf, textMap } from '../../../language/config-fields.js';
import { describeNode } from '../../../node/describe-node.js';
import { fetchToField } from '../fetch-to.js';
import { dataMappingFromAttributes } from '../upgrades.js';

const WHAT = ['ATTRIBUTES', 'LATEST_TELEMETRY'] as const;

export const customerAttributesNode = describeNode({
  type: 'enrichment/customer-attributes',
  name: 'customer attributes',
  summary: "Adds attributes or latest telemetry of the originator's customer.",
  help: [
    'The mapping names what is read (server attributes or latest telemetry of the customer) and under which key it is',
    'added. Both may hold ${metadataKey} and $[dataKey]. Keys without a value are left out.',
  ].join(' '),
  icon: 'person_add',
  config: z.object({
    dataMapping: textMap().meta({ title: 'Read → add as', ui: { widget: 'key-value' } }),
    dataToFetch: oneOf(WHAT, 'ATTRIBUTES').meta({
      title: 'What to read',
      ui: { widget: 'select', choices: { ATTRIBUTES: 'Server attributes', LATEST_TELEMETRY: 'Latest telemetry' } },
    }),
    fetchTo: fetchToField(),
  }),
  upgrades: [dataMappingFromAttributes],
  defaults: { dataMapping: { alarmThreshold: 'threshold' }, dataToFetch: 'ATTRIBUTES', fetchTo: 'METADATA' },
  example: { dataMapping: { email: 'customerEmail' }, dataToFetch: 'ATTRIBUTES', fetchTo: 'METADATA' },
  outputs: ['Success'],
  uses: ['attributes', 'timeseries'],
  thingsboard: { type: 'org.thingsboard.rule.engine.metadata.TbGetCustomerAttributeNode', version: 1 },
});
