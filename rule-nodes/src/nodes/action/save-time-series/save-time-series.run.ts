import { valueTime } from '../../../language/message-ts.js';
import { POST_TELEMETRY_REQUEST } from '../../../language/message-types.js';
import { readTelemetry } from '../../../language/key-values.js';
import type { RuleMessage } from '../../../language/rule-message.js';
import { implementBatch } from '../../../node/implement-node.js';
import { failed, success, type Outcome } from '../../../node/outcome.js';
import type { TimeseriesPort, TimeseriesWrite } from '../../../node/ports.js';
import { Deduplication, strategyFor, type Strategy } from '../processing-settings.js';
import { saveTimeSeriesNode } from './save-time-series.descriptor.js';

type Values = Pick<TimeseriesWrite, 'entity' | 'values' | 'ttlSeconds'>;
interface Request extends Values {
  /** Time of the message's values as a whole. */
  readonly ts: number;
}

export const saveTimeSeriesRun = implementBatch(saveTimeSeriesNode, (config) => {
  const history = strategyFor(config.processingSettings, 'timeseries');
  const latest = strategyFor(config.processingSettings, 'latest');
  return async (messages, { timeseries }) => {
    const requests = messages.map((message) => requestOf(message, config));
    const wanted = requests.filter((request) => 'entity' in request);
    const writes = await decide(timeseries, wanted, history, latest);
    if (writes.length > 0) await timeseries.save(writes);
    return requests.map((request, index) => ('entity' in request ? successOf(messages, index) : request));
  };
});

function successOf(messages: readonly RuleMessage[], index: number): Outcome {
  const message = messages[index];
  return message ? success(message) : { kind: 'emitted', emissions: [] };
}

/** What is to be stored, or the failure of the message. */
function requestOf(message: RuleMessage, config: { useServerTs: boolean; defaultTTL: number }): Request | Outcome {
  if (message.type !== POST_TELEMETRY_REQUEST)
    return failed(message, 'message-type', `Unsupported msg type: ${message.type}`);
  const ts = config.useServerTs ? message.ts : valueTime(message);
  const read = readTelemetry(message.data, ts);
  if (!read.ok) return failed(message, 'message-data', read.problem);
  if (read.values.length === 0)
    return failed(message, 'message-data', `Msg body is empty: ${JSON.stringify(message.data)}`);
  const ttlSeconds = ttlOf(message, config.defaultTTL);
  if (ttlSeconds === null)
    return failed(message, 'message-ttl', `metadata.TTL is not a number of seconds: ${message.metadata['TTL']}`);
  return { entity: message.originator, values: read.values, ttlSeconds, ts };
}

function ttlOf({ metadata: { TTL } }: RuleMessage, byDefault: number): number | null {
  if (!TTL) return byDefault;
  const seconds = Number(TTL);
  return Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : null;
}

async function decide(
  timeseries: TimeseriesPort,
  requests: readonly Request[],
  history: Strategy,
  latest: Strategy,
): Promise<TimeseriesWrite[]> {
  const stored = [history, latest].some(({ type }) => type === 'DEDUPLICATE')
    ? await latestOf(timeseries, requests)
    : [];
  const [forHistory, forLatest] = [decider(history), decider(latest)];
  return requests
    .map(({ entity, values, ttlSeconds, ts }, index) => {
      const candidate = { entity, ts, keys: values.map(({ key }) => key) };
      const known = stored[index] ?? [];
      return {
        entity,
        values,
        ttlSeconds,
        store: { history: forHistory(candidate, known), latest: forLatest(candidate, known) },
      };
    })
    .filter(({ store }) => store.history || store.latest);
}

const latestOf = (timeseries: TimeseriesPort, requests: readonly Request[]) =>
  timeseries.latest(requests.map(({ entity, values }) => ({ entity, keys: values.map(({ key }) => key) })));

function decider(strategy: Strategy): Deduplication['isNew'] {
  if (strategy.type !== 'DEDUPLICATE') return () => strategy.type === 'ON_EVERY_MESSAGE';
  const deduplication = new Deduplication(strategy.deduplicationIntervalSecs);
  return (candidate, stored) => deduplication.isNew(candidate, stored);
}
