import type { AppParts } from '../app.module.js';
import { prepareSecretKeys, type Config } from '../config/index.js';
import { type Database, Instance, systemClock, Upkeep } from '../db/index.js';
import type { Log } from '../http/index.js';
import { checkSecretKeys } from '../secrets/index.js';
import type { Closing } from './closing.js';
import { openProductDatabase } from './open-database.js';

/**
 * Everything outside of the program that it stands on: the sealing keys, the migrated database, and this process's place
 * among the instances. Opened before Nest starts, so that what is missing ends the start in one sentence.
 */
export async function openParts(config: Config, log: Log, closing: Closing): Promise<AppParts> {
  const database = await openProductDatabase(config, log, closing);
  const { keys, madeFile } = prepareSecretKeys(config);
  if (madeFile !== undefined)
    log.info(
      `Made a key that seals secrets: ${madeFile}. Keep a copy of it; without it stored passwords cannot be read.`,
    );
  await checkSecretKeys(database, keys);
  const instance = await Instance.open(database);
  closing.add(() => instance.leave());
  await startUpkeep(database, config, log, closing);
  return { config, keys, log, database, instance };
}

async function startUpkeep(database: Database, config: Config, log: Log, closing: Closing): Promise<void> {
  const retention = {
    telemetryDays: config.telemetryDays || null,
    mailLogDays: config.mailLogDays,
    auditDays: config.auditRetentionDays || null,
  };
  const upkeep = new Upkeep(database, systemClock, retention, (error) =>
    log.warn({ err: error }, 'Old data could not be dropped; it is tried again'),
  );
  await upkeep.start();
  closing.add(() => upkeep.stop());
}
