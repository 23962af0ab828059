import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  return openPackaged();
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
 * Chromium from npm. It unpacks itself into the folder for temporary files and takes what it finds there for itself, so it
 * gets a fresh one; it brings the libraries that a bare machine lacks only where it believes to be on Amazon Linux 2023.
 */
async function openPackaged(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'signalpost-chromium-'));
  const before = process.env['TMPDIR'];
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' });
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  writeFileSync(join(folder, 'fonts', 'fonts.conf'), fontsIn(folder));
  const browser = await chromium.launch({ executablePath, args: [...ARGS, '--no-zygote', '--disable-gpu'] });
  browser.on('disconnected', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return browser;
}

/** The package's own file names /tmp; a browser without any font shows no text at all. */
const fontsIn = (folder: string): string =>
  `<?xml version="1.0"?><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`;
