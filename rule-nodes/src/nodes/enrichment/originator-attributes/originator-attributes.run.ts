import type { Json, RuleMessage } from '../../../language/rule-message.js';
import { parseTemplate, type Template } from '../../../language/template.js';
import { implementBatch } from '../../../node/implement-node.js';
import { failed, success, type Outcome } from '../../../node/outcome.js';
import type { AttributePort, AttributeScope, KeyValue, TimeseriesPort } from '../../../node/ports.js';
import { DATA_NOT_AN_OBJECT, withFetched, type FetchTo } from '../fetch-to.js';
import { originatorAttributesNode } from './originator-attributes.descriptor.js';

/** One place to read from: a scope, or latest telemetry (null). */
interface Source {
  readonly scope: AttributeScope | null;
  readonly prefix: string;
  readonly names: readonly Template[];
  /** How ThingsBoard names it where a key is missing. */
  readonly title: string;
}
/** What was asked of a source for one message and what it answered. */
interface Found {
  readonly source: Source;
  readonly keys: readonly string[];
  readonly values: readonly KeyValue[];
}

export const originatorAttributesRun = implementBatch(originatorAttributesNode, (config) => {
  const sources = [
    source('CLIENT_SCOPE', 'cs_', config.clientAttributeNames),
    source('SHARED_SCOPE', 'shared_', config.sharedAttributeNames),
    source('SERVER_SCOPE', 'ss_', config.serverAttributeNames),
    source(null, '', config.latestTsKeyNames),
  ].filter(({ names }) => names.length > 0);
  return async (messages, ports) => {
    const answers: Found[][] = [];
    for (const each of sources) answers.push(await read(each, messages, ports));
    return messages.map((message, index) => {
      const found = answers.flatMap((answer) => answer[index] ?? []);
      return enriched(message, found, config);
    });
  };
});

const source = (scope: AttributeScope | null, prefix: string, names: readonly string[]): Source => ({
  scope,
  prefix,
  names: names.map(parseTemplate),
  title: scope ?? 'LATEST_TS',
});

async function read(
  from: Source,
  messages: readonly RuleMessage[],
  { attributes, timeseries }: { attributes: AttributePort; timeseries: TimeseriesPort },
): Promise<Found[]> {
  const { scope } = from;
  const calls = messages.map((message) => ({
    entity: message.originator,
    keys: from.names.map((name) => name(message)),
  }));
  const answers = scope
    ? await attributes.read(calls.map((call) => ({ ...call, scope })))
    : await timeseries.latest(calls);
  return calls.map(({ keys }, index) => ({ source: from, keys, values: answers[index] ?? [] }));
}

interface Config {
  readonly tellFailureIfAbsent: boolean;
  readonly getLatestValueWithTs: boolean;
  readonly fetchTo: FetchTo;
}

function enriched(message: RuleMessage, found: readonly Found[], config: Config): Outcome {
  const entries = found.flatMap(({ source: from, values }) =>
    values.map((value): [string, Json] => [from.prefix + value.key, shown(from, value, config)]),
  );
  const result = withFetched(message, config.fetchTo, entries);
  if (!result) return failed(message, 'message-data', DATA_NOT_AN_OBJECT);
  const missing = config.tellFailureIfAbsent ? missingOf(found) : '';
  return missing ? failed(result, 'keys-absent', missing) : success(result);
}

const shown = (from: Source, { ts, value }: KeyValue, config: Config): Json =>
  from.scope === null && config.getLatestValueWithTs ? { ts, value } : value;

function missingOf(found: readonly Found[]): string {
  const lists = found.flatMap(({ source: { title }, keys, values }) => {
    const absent = keys.filter((key) => !values.some((value) => value.key === key));
    return absent.length ? [`${title}: [${absent.join(', ')}]`] : [];
  });
  return lists.length ? `The following attribute/telemetry keys is not present in the DB: ${lists.join('; ')}` : '';
}
