import 'reflect-metadata';

import { AppModule } from './app.module.js';
import { FirstAdministrator } from './accounts/index.js';
import { loadConfig, StartError, type Config } from './config/index.js';
import { createLog, type Log } from './http/index.js';
import { closeOnSignal } from './start/close-on-signal.js';
import { Closing } from './start/closing.js';
import { createApp } from './start/create-app.js';
import { listen } from './start/listen.js';
import { openParts } from './start/open-parts.js';

async function start(config: Config, log: Log, closing: Closing): Promise<void> {
  const app = await createApp(AppModule.of(await openParts(config, log, closing)), config, log);
  closing.add(() => app.close());
  await listen(app, config);
  const link = await app.get(FirstAdministrator).link();
  process.stdout.write(`Signalpost is ready: ${config.publicUrl}\n`);
  if (link !== undefined) process.stdout.write(`Make the first system administrator: ${link}\n`);
  closeOnSignal(closing, log);
}

/** Known failures are one sentence; an unknown one is a bug, and shows where. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog(config.logLevel);
  const closing = new Closing();
  try {
    await start(config, log, closing);
  } catch (error) {
    await closing.run(log);
    throw error;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : describe(error)}\n`);
  process.exit(1);
});

const describe = (error: unknown): string =>
  `Signalpost could not start, for a reason that it does not know:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
