// npm test: everything, one after the other, and one number at the end. Run by the packaged Node (see run.mjs).
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'signalpost-test-'));
chmodSync(home, 0o755); // PostgreSQL's own user goes through it
const began = Date.now();
const say = (line) => process.stdout.write(`[test] ${line}\n`);
const minutes = () => `${((Date.now() - began) / 60_000).toFixed(1)} min`;

/** A check is one test that passes or fails; a suite tells its numbers in a report. */
const results = [];
let running;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    running?.kill('SIGKILL');
    void finish(130);
  });
}
process.once('disconnect', () => process.exit(130));

function run(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((resolve) => {
    running = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    running.on('error', (error) => {
      say(error.message);
      resolve(1);
    });
    running.on('exit', (code) => resolve(code ?? 1));
  });
}

async function check(name, command, args, options) {
  say(`${name} …`);
  const code = await run(command, args, options);
  results.push({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });
  say(`${name}: ${code === 0 ? 'ok' : 'FAILED'} (${minutes()})`);
  return code === 0;
}

/**
 * Folders are named with their slash: `api` alone would also run a journey called device-api.
 * @param args of a runner that writes Vitest's JSON report to the file that is put in for REPORT
 */
async function suite(name, command, args, options) {
  say(`${name} …`);
  const report = join(home, `${name.replaceAll(' ', '-')}.json`);
  const code = await run(
    command,
    args.map((arg) => arg.replace('REPORT', report)),
    options,
  );
  const counted = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 0 };
  const { numPassedTests: passed, numFailedTests } = counted;
  const failed = code === 0 || numFailedTests > 0 ? numFailedTests : 1; // a file that did not load, a crashed runner
  results.push({ name, passed, failed, failures: failuresOf(counted) });
  say(`${name}: ${passed} passed, ${failed} failed (${minutes()})`);
}

/** A line for each test that failed and each file that did not load: the end of a long log has to be enough. */
function failuresOf({ testResults = [] }) {
  return testResults.flatMap((file) => {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    const inFile = (what, why) =>
      `${relative(root, file.name)}: ${what}: ${stripVTControlCharacters(why).split('\n')[0]}`;
    if (tests.length === 0 && file.status === 'failed') return [inFile('did not load', file.message)];
    return tests.map((test) => inFile(test.fullName, test.failureMessages[0] ?? 'no reason given'));
  });
}

const nx = (target) => [
  join(root, 'node_modules/.bin/nx'),
  'run-many',
  '-t',
  target,
  '--outputStyle=static',
  '--parallel=2',
];
const NX = { env: { NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', CI: 'true' } };
const vitest = (...filters) => [
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  ...filters,
  '--reporter=default',
  '--reporter=json',
  '--outputFile.json=REPORT',
];
const REPORT_OF_ANGULAR = ['--reporters=default', '--reporters=json', '--output-file=REPORT'];

async function main() {
  if (!(await check('build', process.execPath, nx('build'), NX))) return;
  const { startEmbeddedPostgres } = await import('../backend/dist/db/index.js');
  const database = await startEmbeddedPostgres({
    dataDir: join(home, 'data'),
    log: say,
    settings: { fsync: 'off', max_connections: '300' }, // what is tested is not the disk
  });
  try {
    await everything({ TEST_DATABASE_URL: database.url, TEST_RUN: home });
  } finally {
    await database.stop();
  }
}

async function everything(env) {
  await check('lint', process.execPath, nx('lint'), NX);
  await check('typecheck', process.execPath, nx('typecheck'), NX);
  const inFolder = (folder) => ({ cwd: join(root, folder), env });
  await suite('rule-nodes', process.execPath, vitest(), inFolder('rule-nodes'));
  await suite('backend', process.execPath, vitest(), inFolder('backend'));
  await suite(
    'frontend',
    process.execPath,
    [join(root, 'node_modules/@angular/cli/bin/ng.js'), 'test', '--watch=false', ...REPORT_OF_ANGULAR],
    inFolder('frontend'),
  );
  await suite('guards', process.execPath, vitest('guards/', 'fakes/', 'api/'), inFolder('test'));
  await suite('journeys', process.execPath, vitest('journeys/', 'crash/'), inFolder('test'));
  await suite('browser', process.execPath, vitest('ui/'), inFolder('test'));
}

async function finish(code) {
  rmSync(home, { recursive: true, force: true });
  process.exit(code);
}

try {
  await main();
} catch (error) {
  say(error.stack);
  results.push({ name: 'the run itself', passed: 0, failed: 1 });
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
for (const { name, passed, failed, failures = [] } of results) {
  say(`${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed`);
  for (const failure of failures) say(`         ${failure}`);
}
say(`took ${minutes()}`);
process.stdout.write(`tests: ${sum('passed')} passed, ${sum('failed')} failed\n`);
await finish(sum('failed') === 0 ? 0 : 1);
