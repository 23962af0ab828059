/**
 * The floor to compare with: what durable telemetry, alarms and mails cost when nothing but that is done. No device look-up, no tenant,
 * no rule chain. Telemetry, alarm and outbox rows are committed in groups before the 200; a worker drains the outbox.
 */
import { createServer, type ServerResponse } from 'node:http';

import nodemailer from 'nodemailer';
import pg from 'pg';

const { DATABASE_URL, SMTP_PORT, PORT } = process.env;
const POOL = 10;
const MOST_UNDER_WAY = 4 * POOL;
const MOST_ROWS = 500;
const MOST_FLUSHES = 2;

const db = new pg.Pool({ connectionString: DATABASE_URL, max: 6 });
await db.query(`
  create table if not exists telemetry (id bigint generated always as identity primary key, at timestamptz not null default now(), device text not null, data json not null);
  create table if not exists alarm (device text primary key, raised int not null default 1, data json not null);
  create table if not exists outbox (id bigint generated always as identity primary key, state smallint not null default 0, subject text not null, body text not null);
  create index if not exists outbox_open on outbox (id) where state = 0;
  update outbox set state = 0 where state = 1;
`);

interface Waiting {
  readonly device: string;
  readonly body: string;
  readonly mail: string | null;
  readonly res: ServerResponse;
}
let waiting: Waiting[] = [];
let flushes = 0;

const INSERT = `
  with input as (select * from unnest($1::text[], $2::json[], $3::text[]) as t (device, data, mail)),
  kept as (insert into telemetry (device, data) select device, data from input),
  raised as (
    insert into alarm (device, data) select distinct on (device) device, data from input where mail is not null
    on conflict (device) do update set raised = alarm.raised + 1, data = excluded.data
  )
  insert into outbox (subject, body) select mail, data::text from input where mail is not null`;

async function flush(): Promise<void> {
  if (flushes >= MOST_FLUSHES || waiting.length === 0) return;
  flushes++;
  const batch = waiting.slice(0, MOST_ROWS);
  waiting = waiting.slice(MOST_ROWS);
  await db.query({
    name: 'insert',
    text: INSERT,
    values: [batch.map((w) => w.device), batch.map((w) => w.body), batch.map((w) => w.mail)],
  });
  for (const { res } of batch) res.end();
  flushes--;
  if (batch.some((w) => w.mail !== null)) void drain();
  void flush();
}

const transport = nodemailer.createTransport({
  host: '127.0.0.1',
  port: Number(SMTP_PORT),
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: POOL,
  maxMessages: Infinity,
});
let underWay = 0;
let draining = false;
let again = false;
let sent: string[] = [];

const CLAIM = `update outbox set state = 1 where id in (select id from outbox where state = 0 order by id limit $1 for update skip locked) returning id, subject, body`;

async function drain(): Promise<void> {
  again = true;
  if (draining) return;
  draining = true;
  while (again && underWay < MOST_UNDER_WAY) {
    again = false;
    const { rows } = await db.query<{ id: string; subject: string; body: string }>({
      name: 'claim',
      text: CLAIM,
      values: [MOST_UNDER_WAY - underWay],
    });
    again ||= rows.length > 0;
    underWay += rows.length;
    for (const row of rows) void send(row);
  }
  draining = false;
}

async function send(row: { id: string; subject: string; body: string }): Promise<void> {
  await transport.sendMail({
    from: 'alarms@example.org',
    to: 'user@example.org',
    subject: row.subject,
    text: row.body,
  });
  underWay--;
  if (sent.push(row.id) === 1) setImmediate(() => void settle());
}

async function settle(): Promise<void> {
  const ids = sent;
  sent = [];
  await db.query({ name: 'settle', text: 'delete from outbox where id = any($1)', values: [ids] });
  void drain();
}

createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    const data = JSON.parse(body) as { temperature: number; id: number }; // the benchmark's own telemetry
    waiting.push({ device: req.url ?? '', body, mail: data.temperature > 80 ? `bench ${data.id}` : null, res });
    void flush();
  });
}).listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write('ready\n');
  void drain();
});
