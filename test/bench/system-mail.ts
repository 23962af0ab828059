/** M1: how long waits a mail of the system behind alarm mails that wait for the same server? */
import pg from 'pg';

import type { Figures, Place } from './cases.ts';
import { KNOWN_ADDRESS, KNOWN_PASSWORD } from './contestants.ts';
import type { Sink } from './sink.ts';
import { median, nowMs, quantile, sleep } from './statistics.ts';

const SYSTEM = '00000000-0000-0000-0000-000000000000';
/** What the mail server takes for each mail: 10 connections then do 400 a second, so that 50,000 last two minutes. */
const SLOW_MS = 25;
const PATIENCE_MS = 60_000;

/** One after the other, with pauses, first alone and then behind the crowd. */
export async function systemMail({ contestant, sink }: Place, waiting: number, asked: number): Promise<Figures> {
  const db = new pg.Client({ connectionString: contestant.databaseUrl });
  await db.connect();
  await db.query(SYSTEM_SERVER, [SYSTEM]);
  const person = await Person.signIn(contestant.port);
  sink.delay(SLOW_MS);
  const alone = await times(person, sink, asked);
  await db.query(CROWD, [SYSTEM, waiting]);
  await begun(sink);
  const before = await waitingNow(db);
  const behind = await times(person, sink, asked);
  const after = await waitingNow(db);
  sink.delay(0);
  await db.query(`UPDATE delivery SET state = 'cancelled', settled_at = now() WHERE state = 'waiting'`);
  await db.end();
  return {
    'alone p50 ms': median(alone),
    'alone p95 ms': quantile(alone, 0.95),
    'behind p50 ms': median(behind),
    'behind p95 ms': quantile(behind, 0.95),
    'behind max ms': Math.max(...behind),
    'waiting at first': before,
    'waiting at last': after,
  };
}

/** An administrator who asks for test mails. */
class Person {
  readonly #origin: string;
  readonly #cookie: string;

  private constructor(origin: string, cookie: string) {
    [this.#origin, this.#cookie] = [origin, cookie];
  }

  static async signIn(port: number): Promise<Person> {
    const origin = `http://127.0.0.1:${port}`;
    const answer = await send(`${origin}/api/auth/sign-in`, { email: KNOWN_ADDRESS, password: KNOWN_PASSWORD });
    return new Person(origin, answer.headers.get('set-cookie')?.split(';')[0] ?? '');
  }

  async ask(): Promise<void> {
    const text = { subject: 'Test', html: '<p>{{sentBy}}</p>', text: null };
    await send(`${this.#origin}/api/mail/templates/test/en/send-to-me`, text, { Cookie: this.#cookie });
  }
}

async function send(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const common = { 'Content-Type': 'application/json', 'X-Requested-With': 'signalpost' };
  const answer = await fetch(url, { method: 'POST', headers: { ...common, ...headers }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} was answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** From the request to the end of the mail's data, in milliseconds. */
async function times(person: Person, sink: Sink, asked: number): Promise<number[]> {
  const measured: number[] = [];
  await sink.take();
  for (let n = 0; n < asked; n++) {
    const sentAt = nowMs();
    await person.ask();
    measured.push((await arrivalOfSystem(sink)) - sentAt);
    await sleep(100);
  }
  return measured;
}

/** Mails of rule chains have a number; the system's have none. */
async function arrivalOfSystem(sink: Sink): Promise<number> {
  const giveUp = nowMs() + PATIENCE_MS;
  while (nowMs() < giveUp) {
    const found = (await sink.take()).arrivals.find(({ id }) => id === -1);
    if (found !== undefined) return found.at;
    await sleep(5);
  }
  throw new Error('A mail of the system did not arrive.');
}

async function begun(sink: Sink): Promise<void> {
  if (!(await sink.reached(100, PATIENCE_MS))) throw new Error('The alarm mails did not begin to leave.');
}

async function waitingNow(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM delivery WHERE state = 'waiting' AND template IS NULL`,
  );
  return rows[0]?.waiting ?? 0;
}

/** The system sends over the same server as the tenant, with the same connections. */
const SYSTEM_SERVER = `
  INSERT INTO mail_server (tenant_id, id, name, is_default, settings, schema_version, dial_allowed)
  SELECT $1, gen_random_uuid(), 'System', true, settings, schema_version, dial_allowed FROM mail_server WHERE tenant_id <> $1 LIMIT 1`;

const CROWD = `
  INSERT INTO delivery (tenant_id, id, server_tenant_id, server_id, priority, give_up_at, draft, subject, recipients)
  SELECT t.id, gen_random_uuid(), $1, s.id, 1, now() + interval '1 day',
    jsonb_build_object('to', 'user@example.org', 'subject', 'bench ' || n, 'body', 'It is hot.'), 'bench ' || n, ARRAY['user@example.org']
  FROM tenant t, mail_server s, generate_series(1, $2::int) n WHERE t.kind = 'tenant' AND s.tenant_id = $1`;
