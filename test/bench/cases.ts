/** The cases, by the names that reference figures of this kind use: see README.md beside this file. */
import { POOL, startNodemailer, type Contestant } from './contestants.ts';
import { load, type LoadResult } from './http-load.ts';
import { mqttLoad } from './mqtt-load.ts';
import type { BenchPostgres } from './postgres.ts';
import type { Sink } from './sink.ts';
import type { Arrival } from './smtp-sink.ts';
import { median, nowMs, quantile, sleep } from './statistics.ts';

/** What one case measured, by name; the unit is part of the name. */
export type Figures = Readonly<Record<string, number>>;

export interface Sizes {
  readonly telemetry: number;
  readonly mails: number;
  readonly paced: number;
  readonly resets: number;
  /** Alarm mails that wait, and mails of the system asked for meanwhile. */
  readonly crowd: number;
  readonly asked: number;
  readonly patienceMs: number;
}
export const FULL: Sizes = {
  telemetry: 40_000,
  mails: 2_000,
  paced: 300,
  resets: 1_000,
  crowd: 50_000,
  asked: 100,
  patienceMs: 120_000,
};
export const QUICK: Sizes = {
  telemetry: 4_000,
  mails: 400,
  paced: 100,
  resets: 300,
  crowd: 50_000,
  asked: 20,
  patienceMs: 60_000,
};

const COOL = 25;
const HOT = 90;
const WARM_UP = 20_000;
const WARM_UP_MAILS = 2_000;

let numbers = 0;
/** Numbers of messages are never used twice, so a late mail is never taken for another. */
const next = (count: number): number => (numbers += count) - count;

interface Post {
  readonly contestant: Contestant;
  readonly count: number;
  readonly isHot: (index: number) => boolean;
  readonly options?: Partial<Parameters<typeof load>[0]>;
}
async function post({ contestant, count, isHot, options }: Post): Promise<LoadResult> {
  const first = next(count);
  const request = (id: number) => ({
    path: contestant.path(id),
    body: `{"temperature":${isHot(id - first) ? HOT : COOL},"humidity":40,"id":${id}}`,
  });
  return load({ port: contestant.port, first, count, request, ...options });
}

const perSecond = (count: number, from: number, to: number): number => (count * 1000) / (to - from);

/** Where a case runs. */
export interface Place {
  readonly contestant: Contestant;
  readonly sink: Sink;
  readonly postgres: BenchPostgres;
}

/** Runs work and tells what each 1,000 messages of it cost the processor, which neighbours disturb less than the clock. */
async function costOf<T>(
  { contestant, postgres }: Place,
  count: number,
  work: () => Promise<T>,
): Promise<readonly [T, Figures]> {
  const [cpu, before] = [contestant.child.cpuSeconds(), await postgres.cost(contestant.databaseUrl)];
  const result = await work();
  const after = await postgres.cost(contestant.databaseUrl);
  return [
    result,
    {
      'CPU s/1000': ((contestant.child.cpuSeconds() - cpu) * 1000) / count,
      'PostgreSQL CPU s/1000': ((after.cpuSeconds - before.cpuSeconds) * 1000) / count,
      'commits/1000': ((after.commits - before.commits) * 1000) / count,
      'peak MiB': contestant.child.peakMiB(),
      'PostgreSQL MiB': after.mib,
    },
  ];
}

export async function warmUp({ contestant, sink }: Place): Promise<void> {
  await post({ contestant, count: WARM_UP, isHot: () => false });
  const hot = await post({ contestant, count: WARM_UP_MAILS, isHot: () => true });
  await arrivalsOf(hot, sink, 30_000);
  await contestant.drained();
}

/**
 * C1 (every = Infinity) and C2: telemetry as fast as it is accepted; each `every`th becomes a mail. Processed is what has been
 * through the rules and whose mails have arrived: what is accepted and left for later is work that is still to be done.
 */
export async function telemetry(
  place: Place,
  { telemetry: count, patienceMs }: Sizes,
  every: number,
): Promise<Figures> {
  const { contestant, sink } = place;
  const hot = Math.floor(count / every);
  const [{ result, end, arrivals }, cost] = await costOf(place, count, async () => {
    const posted = await post({ contestant, count, isHot: (index) => index % every === every - 1 });
    await contestant.drained();
    const arrivals = hot > 0 ? (await arrived(hot, sink, patienceMs)).arrivals : [];
    return { result: posted, end: nowMs(), arrivals };
  });
  return {
    'processed/s': perSecond(count, result.startedAt, end),
    'accepted/s': perSecond(count, result.startedAt, result.endedAt),
    'accept p99 ms': quantile(result.latencies, 0.99),
    ...(hot > 0 ? { 'mail p95 ms': quantile(delays(result, arrivals), 0.95) } : {}),
    ...cost,
  };
}

/** C1 over MQTT: 4 connections with 8 publishes of QoS 1 under way. */
export async function telemetryOverMqtt(place: Place, { telemetry: count }: Sizes): Promise<Figures> {
  const { contestant } = place;
  const { mqtt } = contestant;
  if (mqtt === undefined) return {};
  const bodyOf = (id: number) => `{"temperature":${COOL},"humidity":40,"id":${id}}`;
  const [{ result, end }, cost] = await costOf(place, count, async () => {
    const posted = await mqttLoad({ port: mqtt.port, first: next(count), count, tokenOf: mqtt.token, bodyOf });
    await contestant.drained();
    return { result: posted, end: nowMs() };
  });
  return {
    'processed/s': perSecond(count, result.startedAt, end),
    'accepted/s': perSecond(count, result.startedAt, result.endedAt),
    'accept p99 ms': quantile(result.latencies, 0.99),
    ...cost,
  };
}

/** C3: each message a mail, as fast as accepted. */
export async function mails(place: Place, { mails: count, patienceMs }: Sizes): Promise<Figures> {
  const { contestant, sink } = place;
  const [{ result, arrivals }, cost] = await costOf(place, count, async () => {
    const posted = await post({ contestant, count, isHot: () => true });
    return { result: posted, ...(await arrivalsOf(posted, sink, patienceMs)) };
  });
  return {
    'mails/s': perSecond(arrivals.length, result.startedAt, lastOf(arrivals)),
    'accepted/s': perSecond(count, result.startedAt, result.endedAt),
    ...cost,
    ...losses(result, arrivals),
  };
}

/** C3 for nodemailer alone. */
export async function nodemailerMails(sink: Sink, { mails: count, patienceMs }: Sizes): Promise<Figures> {
  const child = await startNodemailer(sink.port);
  const send = async (mailsNow: number) => {
    const startedAt = nowMs();
    child.process.send({ first: next(mailsNow), count: mailsNow });
    return { startedAt, ...(await arrived(mailsNow, sink, patienceMs)) };
  };
  await send(WARM_UP_MAILS);
  const cpu = child.cpuSeconds();
  const { startedAt, arrivals } = await send(count);
  const figures = {
    'mails/s': perSecond(arrivals.length, startedAt, lastOf(arrivals)),
    'CPU s/1000': ((child.cpuSeconds() - cpu) * 1000) / count,
  };
  await child.end('SIGKILL');
  return figures;
}

/** C3L: 50 a second, each a mail: the latency that a person sees. */
export async function latency({ contestant, sink }: Place, { paced: count, patienceMs }: Sizes): Promise<Figures> {
  const result = await post({ contestant, count, isHot: () => true, options: { perSecond: 50 } });
  const { arrivals } = await arrivalsOf(result, sink, patienceMs);
  const times = delays(result, arrivals);
  return {
    'p50 ms': median(times),
    'p95 ms': quantile(times, 0.95),
    'p99 ms': quantile(times, 0.99),
    'accept p99 ms': quantile(result.latencies, 0.99),
    ...losses(result, arrivals),
  };
}

/** C4: a burst while the mail server takes 200 ms a mail. */
export async function slowSink({ contestant, sink }: Place, { mails: count, patienceMs }: Sizes): Promise<Figures> {
  const SLOW_MS = 200;
  sink.delay(SLOW_MS);
  const result = await post({ contestant, count, isHot: () => true });
  const { arrivals, mostConnections } = await arrivalsOf(result, sink, patienceMs);
  sink.delay(0);
  return {
    'accept p99 ms': quantile(result.latencies, 0.99),
    'mails/s': perSecond(arrivals.length, result.startedAt, lastOf(arrivals)),
    'of the possible mails/s':
      perSecond(arrivals.length, result.startedAt, lastOf(arrivals)) / ((POOL * 1000) / SLOW_MS),
    'most connections': mostConnections,
    'peak MiB': contestant.child.peakMiB(),
    ...losses(result, arrivals),
  };
}

/** C5: kill -9 in the middle, started again a second later; the load goes on. */
export async function killed({ contestant, sink }: Place, { mails: count, patienceMs }: Sizes): Promise<Figures> {
  sink.delay(50);
  let back: Promise<number> | undefined;
  const kill = async (): Promise<number> => {
    await contestant.child.end('SIGKILL');
    await sleep(1_000);
    const at = nowMs();
    await contestant.restart();
    return at;
  };
  const onAccepted = (accepted: number): void => void (accepted === count / 2 && (back = kill()));
  const result = await post({ contestant, count, isHot: () => true, options: { onAccepted, survives: true } });
  const restartedAt = (await back) ?? NaN;
  await contestant.drained();
  const { arrivals } = await arrivalsOf(result, sink, patienceMs);
  sink.delay(0);
  return {
    accepted: result.sentAt.size,
    'answers again after s': ((result.acceptedAt.find((at) => at > restartedAt) ?? NaN) - restartedAt) / 1000,
    'mails again after s': ((arrivals.find(({ at }) => at > restartedAt)?.at ?? NaN) - restartedAt) / 1000,
    ...losses(result, arrivals),
  };
}

async function arrived(count: number, sink: Sink, patienceMs: number) {
  await sink.reached(count, patienceMs);
  return sink.take();
}

/** Waits for the accepted ones, and then a little for what should not come. */
async function arrivalsOf(result: LoadResult, sink: Sink, patienceMs: number) {
  await sink.reached(result.sentAt.size, patienceMs);
  let all: Arrival[] = [];
  let mostConnections = 0;
  const give = nowMs() + patienceMs;
  const missing = (): boolean => losses(result, all)['lost'] !== 0;
  do {
    await sleep(300);
    const taken = await sink.take();
    all = [...all, ...taken.arrivals];
    mostConnections = Math.max(mostConnections, taken.mostConnections);
  } while (missing() && nowMs() < give);
  return { arrivals: all, mostConnections };
}

function losses(result: LoadResult, arrivals: readonly Arrival[]): Figures {
  const seen = new Set(arrivals.map(({ id }) => id));
  const lost = [...result.sentAt.keys()].filter((id) => !seen.has(id)).length;
  return { lost, duplicates: arrivals.length - seen.size };
}

function delays(result: LoadResult, arrivals: readonly Arrival[]): number[] {
  return arrivals.flatMap(({ id, at }) => {
    const sent = result.sentAt.get(id);
    return sent === undefined ? [] : [at - sent];
  });
}

const lastOf = (arrivals: readonly Arrival[]): number => Math.max(...arrivals.map(({ at }) => at));
