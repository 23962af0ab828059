import 'reflect-metadata';

import { FirstAdministrator } from './accounts/index.js';
import { AppModule } from './app.module.js';
import { loadConfig, type Config } from './config/index.js';
import { createLog, type Log } from './http/index.js';
import { closeOnSignal } from './start/close-on-signal.js';
import { Closing } from './start/closing.js';
import { createApp } from './start/create-app.js';
import { listen } from './start/listen.js';
import { openParts } from './start/open-parts.js';
import { closingOnFailure, fail } from './start/outcome.js';
import { provision } from './start/provision.js';
import { readyMessage } from './start/ready-message.js';

async function start(config: Config, log: Log, closing: Closing): Promise<void> {
  const app = await createApp(AppModule.of(await openParts(config, log, closing)), config, log);
  closing.add(() => app.close());
  const demo = await provision(app, config, log);
  await listen(app, config);
  const setupLink = await app.get(FirstAdministrator).link();
  process.stdout.write(readyMessage({ publicUrl: config.publicUrl, setupLink, demo }));
}

try {
  const config = loadConfig(process.env);
  const log = createLog(config.logLevel);
  const closing = new Closing();
  closeOnSignal(closing, log);
  await closingOnFailure(log, closing, () => start(config, log, closing));
} catch (error) {
  fail(error);
}
