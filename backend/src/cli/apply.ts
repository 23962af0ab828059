import { AppModule } from '../app.module.js';
import { loadConfig, type Config } from '../config/index.js';
import { createLog, type Log } from '../http/index.js';
import { Provisioning, readProvisioningFile, summaryOf } from '../provisioning/index.js';
import { Closing } from '../start/closing.js';
import { createApp } from '../start/create-app.js';
import { openParts } from '../start/open-parts.js';
import { closingOnFailure } from '../start/outcome.js';

/** Applies a provisioning file to the database of the settings, also beside a running product. */
export async function apply(file: string): Promise<void> {
  const config = loadConfig(process.env);
  const loaded = readProvisioningFile(file, process.env);
  const log = createLog('warn');
  await closingOnFailure(log, new Closing(), (closing) => applyLoaded(loaded, config, log, closing));
}

async function applyLoaded(
  file: ReturnType<typeof readProvisioningFile>,
  config: Config,
  log: Log,
  closing: Closing,
): Promise<void> {
  const app = await createApp(AppModule.of(await openParts(config, log, closing)), config, log);
  const result = await app.get(Provisioning).apply(file);
  const lines = (['created', 'updated', 'unlocked'] as const).flatMap((what) =>
    result[what].map((entry) => `${what}: ${entry}`),
  );
  process.stdout.write([...lines, `Applied ${file.path}: ${summaryOf(result)}.`, ''].join('\n'));
  await closing.run(log);
}
