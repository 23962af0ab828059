import { readFileSync } from 'node:fs';

import { ask } from '../stack/database.js';
import type { Visitor } from '../stack/visitor.js';

/** Secrets that were planted, each unlike anything else, and where they show. */
export class Traces {
  readonly #secrets: Record<string, string>;

  constructor(secrets: Readonly<Record<string, string>> = {}) {
    this.#secrets = { ...secrets };
  }

  /** One that came into being on the way, like a token that was shown once. */
  plant(name: string, secret: string): void {
    if (secret.length < 8) throw new Error(`The secret "${name}" is too short to be found`);
    this.#secrets[name] = secret;
  }

  /** Names of the secrets that stand in a text. */
  in(text: string): string[] {
    return Object.entries(this.#secrets)
      .filter(([, secret]) => disguises(secret).some((disguise) => text.includes(disguise)))
      .map(([name]) => name);
  }

  /** Table by table, names of the secrets that stand in a column of it. */
  async inDatabase(url: string): Promise<Record<string, readonly string[]>> {
    const tables = await ask<{ name: string }>(
      url,
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    const found: Record<string, readonly string[]> = {};
    for (const { name } of tables) {
      const rows = await ask<{ row: string }>(url, `SELECT t::text AS row FROM ${name} t`);
      const traces = this.in(rows.map(({ row }) => row).join('\n'));
      if (traces.length > 0) found[name] = traces;
    }
    return found;
  }
}

/** As it is, and as protocols and databases write it. */
function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), ...[0, 1, 2].map((shift) => base64Inside(bytes, shift))];
}

/** The base64 of a text that holds the secret after `shift` other bytes, without its uncertain ends. */
function base64Inside(bytes: Buffer, shift: number): string {
  return Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .slice(4, -4);
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const { paths } = JSON.parse(
  readFileSync(new URL('../../backend/contracts/openapi.json', import.meta.url), 'utf8'),
) as OpenApi;
/** Everything that can be looked at; a stream of events has no end and carries ids alone. */
const LOOKS = Object.entries(paths)
  .filter(([path, methods]) => 'get' in methods && path !== '/api/events')
  .map(([path]) => path);

/** Every answer that a person can get by looking: each list, and each thing of each list. */
export async function everyAnswer(visitor: Visitor): Promise<string[]> {
  const answers: string[] = [];
  for (const path of LOOKS.filter((one) => !one.includes('{'))) {
    const text = await (await visitor.send('GET', path)).text();
    answers.push(text);
    for (const id of idsIn(text))
      for (const detail of LOOKS.filter((one) => one.startsWith(`${path}/{`)))
        answers.push(
          await (
            await visitor.send(
              'GET',
              detail.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'language' ? 'en' : id)),
            )
          ).text(),
        );
  }
  return answers;
}

function idsIn(text: string): string[] {
  if (!text.startsWith('{')) return [];
  const { items = [] } = JSON.parse(text) as { items?: unknown };
  const list = Array.isArray(items) ? (items as { id?: unknown }[]) : [];
  return list.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])).slice(0, 20);
}
