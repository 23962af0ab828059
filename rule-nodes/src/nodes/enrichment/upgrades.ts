import { isTrue } from '../../language/config-fields.js';
import type { UpgradeStep } from '../../node/upgrade-config.js';
import type { FetchTo } from './fetch-to.js';

/** The place was a boolean before; absent and null are like false. */
export const fetchToFromBoolean =
  (key: string, whenTrue: FetchTo, otherwise: FetchTo): UpgradeStep =>
  ({ [key]: before, ...config }) => ({ ...config, fetchTo: isTrue(before) ? whenTrue : otherwise });

/** The mapping had another name, and a boolean chose telemetry; both keys must be there, as in ThingsBoard. */
export const dataMappingFromAttributes: UpgradeStep = ({ attrMapping, telemetry, ...config }) => {
  if (attrMapping === undefined || telemetry === undefined)
    return 'The old configuration lacks "attrMapping" or "telemetry": open the node and choose what to fetch.';
  return {
    ...config,
    dataMapping: attrMapping,
    dataToFetch: isTrue(telemetry) ? 'LATEST_TELEMETRY' : 'ATTRIBUTES',
    fetchTo: 'METADATA',
  };
};
