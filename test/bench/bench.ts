/**
 * npm run bench: our product beside what the machine can do at best, in one run. Prints Markdown.
 * Options: --only=product,raw-pg,nodemailer (and node-red, fetched for the run) · --rounds=3 · --quick (small sizes, for a look) · --cases=C1,C1M,C2,C3,C3L,C4,C5,R1,M1,S1 · --only=product,raw-pg,nodemailer · --profile=DIR (one round of the
 * product alone, with a processor profile of it in DIR).
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import {
  FULL,
  killed,
  latency,
  mails,
  nodemailerMails,
  QUICK,
  slowSink,
  telemetry,
  telemetryOverMqtt,
  warmUp,
  type Figures,
  type Place,
} from './cases.ts';
import { installNodeRed, startNodeRed, startProduct, startRawPg, type Start } from './contestants.ts';
import { machine } from './machine.ts';
import { passwordReset } from './password-reset.ts';
import { startPostgres, type BenchPostgres } from './postgres.ts';
import { Report } from './report.ts';
import { signIn } from './sign-in.ts';
import { Sink } from './sink.ts';
import { systemMail } from './system-mail.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    cases: { type: 'string', default: 'C1,C1M,C2,C3,C3L,C4,C5,R1,M1,S1' },
    only: { type: 'string', default: 'product,raw-pg,nodemailer' },
    profile: { type: 'string' },
  },
});
const sizes = values.quick ? QUICK : FULL;
const wanted = new Set(values.cases.split(','));
const profiled = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
const contestants = new Set(values.profile === undefined ? values.only.split(',') : ['product']);
const rounds = values.profile === undefined ? Number(values.rounds) : 1;

type Case = readonly [title: string, run: (place: Place) => Promise<Figures>];
const CASES: Readonly<Record<string, Case>> = {
  C1: ['C1 telemetry through the filter, no mail', (place) => telemetry(place, sizes, Infinity)],
  C1M: ['C1M telemetry over MQTT, QoS 1', (place) => telemetryOverMqtt(place, sizes)],
  C2: ['C2 telemetry, 1 in 100 becomes a mail', (place) => telemetry(place, sizes, 100)],
  C3: ['C3 each message a mail, as fast as accepted', (place) => mails(place, sizes)],
  C3L: ['C3L each message a mail, 50 a second', (place) => latency(place, sizes)],
};
/** Once a run, on a fresh start: they count more than they measure. */
const ONCE: Readonly<Record<string, Case>> = {
  C4: ['C4 burst while the mail server takes 200 ms a mail (10 connections)', (place) => slowSink(place, sizes)],
  C5: [
    'C5 kill -9 in the middle, started again a second later (mail server takes 50 ms)',
    (place) => killed(place, sizes),
  ],
  R1: ['R1 password reset asked for a known and an unknown address', (place) => passwordReset(place, sizes.resets)],
  M1: [
    `M1 a mail of the system behind ${sizes.crowd} alarm mails for the same server (25 ms a mail)`,
    (place) => systemMail(place, sizes.crowd, sizes.asked),
  ],
};
/** What only we can do. */
const OURS: ReadonlySet<string> = new Set(['R1', 'M1']);

const say = (line: string): void => void process.stderr.write(`[bench] ${line}\n`);

async function withContestant(
  start: Start,
  postgres: BenchPostgres,
  sink: Sink,
  work: (place: Place) => Promise<void>,
): Promise<void> {
  const contestant = await start(await postgres.createDatabase(), sink.port);
  try {
    const place = { contestant, sink, postgres };
    await work(place);
  } finally {
    await contestant.stop();
    await sink.take();
  }
}

/** Each case on a process that has just done both kinds of work: after 100,000 messages of one kind the other is compiled anew. */
async function measure(cases: Readonly<Record<string, Case>>, place: Place, report: Report): Promise<void> {
  for (const [name, [title, run]] of Object.entries(cases)) {
    if (!wanted.has(name)) continue;
    say(`  ${place.contestant.name} ${name}`);
    await warmUp(place);
    const figures = await run(place);
    if (Object.keys(figures).length > 0) report.add(title, place.contestant.name, figures);
  }
}

const starts: Start[] = [];
const ours = contestants.has('product') ? [startProduct(profiled)] : [];
starts.push(...ours);
if (contestants.has('raw-pg')) starts.push(startRawPg);
const nodeRed = contestants.has('node-red') ? installNodeRed() : undefined;
if (nodeRed !== undefined) starts.push(startNodeRed(nodeRed));

/** The order turns from round to round, so that a neighbour's noise meets everybody. */
async function round(index: number, postgres: BenchPostgres, sink: Sink, report: Report): Promise<void> {
  say(`round ${index + 1} of ${rounds}`);
  const turned = index % 2 === 0 ? starts : starts.toReversed();
  for (const start of turned) await withContestant(start, postgres, sink, (place) => measure(CASES, place, report));
  if (contestants.has('nodemailer') && wanted.has('C3'))
    report.add(CASES['C3']?.[0] ?? '', 'nodemailer pool 10', await nodemailerMails(sink, sizes));
}

async function main(): Promise<void> {
  const postgres = await startPostgres();
  const sink = await Sink.start();
  const report = new Report();
  const setting = `${machine()}, PostgreSQL ${postgres.version}`;
  try {
    for (let index = 0; index < rounds; index++) await round(index, postgres, sink, report);
    for (const [name, entry] of Object.entries(ONCE)) {
      if (!wanted.has(name)) continue;
      for (const start of OURS.has(name) ? ours : starts)
        await withContestant(start, postgres, sink, (place) => measure({ [name]: entry }, place, report));
    }
    if (wanted.has('S1') && ours.length > 0) await signIn(postgres, sizes, rounds, report);
  } finally {
    sink.stop();
    await postgres.stop();
    if (nodeRed !== undefined) rmSync(nodeRed, { recursive: true, force: true });
  }
  process.stdout.write(`\n${setting}; ${rounds} rounds, medians (lowest–highest)\n\n${report.print()}`);
}

await main();
