import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '../../backend/src/db/index.js';

/**
 * The specs' PostgreSQL: the one that `npm test` started for the whole run, or one of their own when a runner is called
 * by hand. Only here may a server forget what it wrote (`fsync=off`): what is tested is not the disk.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['TEST_DATABASE_URL'] !== undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'signalpost-specs-'));
  chmodSync(home, 0o755); // PostgreSQL's own user goes through it
  const server = await startEmbeddedPostgres({
    dataDir: join(home, 'data'),
    log: (line) => process.stdout.write(`${line}\n`),
    settings: { fsync: 'off', max_connections: '300' },
  });
  process.env['TEST_DATABASE_URL'] = server.url;
  return async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
}
