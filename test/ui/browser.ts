import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { type Browser, chromium } from 'playwright-core';

const SYSTEM_BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** Everything runs as root on many build servers, where Chromium's own sandbox refuses to. */
const ARGS = ['--no-sandbox'];

/** The system's Chromium where there is one that starts, else the one from npm. */
export async function openBrowser(): Promise<Browser> {
  for (const executablePath of SYSTEM_BROWSERS.flatMap(inPath)) {
    try {
      return await chromium.launch({ executablePath, args: ARGS });
    } catch (error) {
      process.stderr.write(`${executablePath} does not start: ${String(error).split('\n')[0] ?? ''}\n`);
    }
  }
  return chromium.launch({ executablePath: await packagedChromium(), args: [...ARGS, '--no-zygote', '--disable-gpu'] });
}

function inPath(name: string): string[] {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return places.filter(isProgram).slice(0, 1);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The package unpacks itself into the folder for temporary files and takes what it finds there for itself, so it gets a
 * fresh one. It brings the libraries that a bare machine lacks only where it believes to be on Amazon Linux 2023.
 */
async function packagedChromium(): Promise<string> {
  process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'signalpost-chromium-'));
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}
