import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../access/index.js';
import { Audit } from '../audit/index.js';
import { loadConfig } from '../config/index.js';
import { createLog } from '../http/index.js';
import { rotateKeys as rotate, SecretBox, type Rotated } from '../secrets/index.js';
import { Closing } from '../start/closing.js';
import { openParts } from '../start/open-parts.js';
import { closingOnFailure } from '../start/outcome.js';
import { SEALED_COLUMNS } from './sealed-columns.js';

/** Seals every stored secret anew with the first key of SECRET_KEYS, also beside a running product. */
export async function rotateKeys(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog('warn');
  await closingOnFailure(log, new Closing(), async (closing) => {
    const { database, keys } = await openParts(config, log, closing);
    const box = new SecretBox(keys);
    const done: Rotated[] = [];
    await rotate(database, box, SEALED_COLUMNS, (rotated) => {
      done.push(rotated);
      for (const line of linesOf(rotated)) process.stdout.write(`${line}\n`);
    });
    process.stdout.write(`${summaryOf(done, box.activeKid)}\n`);
    if (done.some(({ rows }) => rows > 0))
      await database.transaction((uow) =>
        Audit.record(uow, {
          ...SYSTEM_ACTOR,
          tenantId: SYSTEM_TENANT_ID,
          action: 'installation.keys-rotated',
          entity: { type: 'installation', id: null, name: box.activeKid },
        }),
      );
    await closing.run(log);
  });
}

function linesOf({ table, column, rows, unreadable }: Rotated): string[] {
  return [
    ...(rows > 0 ? [`sealed anew: ${rows} in ${table}.${column}`] : []),
    ...(unreadable > 0 ? [`cannot be opened: ${unreadable} in ${table}.${column}`] : []),
  ];
}

function summaryOf(done: readonly Rotated[], kid: string): string {
  const [rows, unreadable] = [sum(done.map((each) => each.rows)), sum(done.map((each) => each.unreadable))];
  if (unreadable > 0)
    return `${rows} sealed anew with the key "${kid}". ${unreadable} cannot be opened: add the key that sealed them to SECRET_KEYS, or enter these secrets again.`;
  return `${rows} sealed anew with the key "${kid}". Every stored secret is sealed with it now: once every instance runs with it as its first key, the others can go from SECRET_KEYS.`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
