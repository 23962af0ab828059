import type { Demo, DemoAccount } from '@signalpost/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { DemoAccounts, Passwords } from '../accounts/index.js';
import type { Config } from '../config/index.js';
import type { Log } from '../http/index.js';
import {
  accountsOf,
  curlLine,
  DEMO_FILE,
  Provisioning,
  readProvisioningFile,
  refuseOpenDemo,
  summaryOf,
} from '../provisioning/index.js';
import { SignInStates } from '../users/index.js';

/** Applies the provisioning file, and the demo's to an empty database. @throws ProvisioningError */
export async function provision(app: NestFastifyApplication, config: Config, log: Log): Promise<Demo | undefined> {
  const provisioning = app.get(Provisioning);
  if (config.provisioningFile !== undefined) {
    const result = await provisioning.apply(readProvisioningFile(config.provisioningFile, process.env));
    log.info(`Applied ${config.provisioningFile}: ${summaryOf(result)}.`);
  }
  return config.demo ? provisionDemo(app, config, log) : undefined;
}

async function provisionDemo(app: NestFastifyApplication, config: Config, log: Log): Promise<Demo | undefined> {
  refuseOpenDemo(config);
  const file = readProvisioningFile(DEMO_FILE, process.env);
  const result = await app.get(Provisioning).fillEmpty(file);
  if (result !== undefined) log.info(`Filled the empty database with the demo: ${summaryOf(result)}.`);
  const accounts = await stillValid(app, accountsOf(file.content));
  if (accounts.length === 0) return undefined;
  const demo = { accounts, tryIt: curlLine(file.content, config.publicUrl) };
  app.get(DemoAccounts).value = demo;
  return demo;
}

/** Of a database that lived on: only who can still sign in like this. */
async function stillValid(app: NestFastifyApplication, accounts: readonly DemoAccount[]): Promise<DemoAccount[]> {
  const [users, passwords] = [app.get(SignInStates), app.get(Passwords)];
  const checked = await Promise.all(
    accounts.map(async (account) => {
      const known = await users.credentials(account.email);
      return known?.role === account.role && (await passwords.matches(account.password, known.passwordHash));
    }),
  );
  return accounts.filter((_account, index) => checked[index]);
}
