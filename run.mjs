#!/usr/bin/env node
// The way in: plain Node (20.17 or newer), no dependency. It installs what the lockfile names, builds what changed and
// hands over to the Node 24 that came with the packages.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(root, ...parts);
const say = (line) => process.stdout.write(`[signalpost] ${line}\n`);

const LEAST_NODE = [20, 17];
const LEAST_NPM = [10, 0];
const PRODUCT_NODE = 24;

const INSTALL_STAMP = at('node_modules', '.signalpost-lock');

const BUILD_STAMP = at('node_modules', '.signalpost-build');
/** What a build leaves; when one is missing, it is built again. */
const BUILD_RESULTS = [
  at('rule-nodes', 'dist', 'index.js'),
  at('backend', 'contracts', 'dist', 'index.js'),
  at('migrations', 'dist', 'index.js'),
  at('backend', 'dist', 'main.js'),
  at('frontend', 'dist', 'browser', 'index.html'),
];

class Refusal extends Error {}

const COMMANDS = {
  /** npm start */
  async start(args) {
    await install();
    await build();
    if (args.includes('--help') || args.includes('-h')) return help(args.includes('--markdown') ? 'markdown' : 'text');
    return handOver([...nodeOptions(), at('backend', 'dist', 'main.js'), ...args], demoDefaults());
  },
  /** npm run signalpost -- COMMAND */
  async cli(args) {
    await install();
    await build();
    return handOver([at('backend', 'dist', 'cli', 'main.js'), ...args]);
  },
  /** npm test */
  async test(args) {
    await install();
    return handOver([at('test', 'run-all.mjs'), ...args]);
  },
  /** npm run bench */
  async bench(args) {
    await install();
    await build();
    return handOver([at('test', 'bench', 'bench.ts'), ...args]);
  },
  /** npm run build, lint, typecheck */
  async nx(args) {
    await install();
    return handOver([NX, ...args], NX_ENVIRONMENT);
  },
};

const NX = at('node_modules', '.bin', 'nx');
/** No background process, no coloured full-screen view, no questions. */
const NX_ENVIRONMENT = { NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', CI: 'true' };

// ---- install

async function install() {
  const lock = readFileSync(at('package-lock.json'));
  const wanted = digest([lock, process.platform, process.arch]);
  if (read(INSTALL_STAMP) === wanted) return;
  if (!isInstalled(JSON.parse(lock))) await runNpmCi();
  mkdirSync(at('node_modules'), { recursive: true });
  writeFileSync(INSTALL_STAMP, wanted);
}

/** npm keeps a list of what it put into node_modules: when it is what the lockfile names, there is nothing to do. */
function isInstalled(lock) {
  const list = read(at('node_modules', '.package-lock.json'));
  if (list === null) return false;
  const installed = JSON.parse(list).packages;
  const same = (path) => lock.packages[path]?.version === installed[path].version;
  const missing = ([path, entry]) =>
    path.startsWith('node_modules/') && installed[path] === undefined && !entry.optional;
  return Object.keys(installed).every(same) && !Object.entries(lock.packages).some(missing);
}

async function runNpmCi() {
  const npm = npmCommand();
  refuseOlder('npm', output(npm, ['--version']), LEAST_NPM, 'Install it with: npm install --global npm@11');
  say('Installing the packages that package-lock.json names (the first time takes a minute or two).');
  const began = Date.now();
  const beat = setInterval(() => say(`  still installing, ${seconds(began)} s`), 15_000);
  const code = await run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  clearInterval(beat);
  if (code === 0) return say(`Installed in ${seconds(began)} s.`);
  throw new Refusal(
    `npm could not install the packages (exit code ${code}). See its message above; is the registry reachable (npm ping)?`,
  );
}

/** The npm that runs us, else the one in PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}

// ---- build

/**
 * Nx knows what changed and keeps what was built before; only what it really builds is worth a line. Asking it takes a
 * second or more, so a start where nothing changed does not.
 */
async function build() {
  const wanted = digest(sourceFiles().flatMap((file) => [file, readFileSync(at(file))]));
  if (read(BUILD_STAMP) === wanted && BUILD_RESULTS.every((file) => existsSync(file))) return;
  say('Building what changed.');
  const began = Date.now();
  const said = [];
  const code = await run([productNode()], [NX, 'run-many', '-t', 'build', '--outputStyle=static'], {
    environment: NX_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'inherit'],
    onLine(line) {
      said.push(line);
      const built = /^> nx run (\S+):build *$/.exec(stripVTControlCharacters(line));
      if (built !== null) say(`  ${built[1]} (${seconds(began)} s)`);
    },
  });
  if (code === 0) return writeFileSync(BUILD_STAMP, wanted);
  process.stdout.write(`${said.join('\n')}\n`);
  throw new Refusal('The build failed; the messages above say where.');
}

const SOURCE_ROOTS = ['rule-nodes', 'backend', 'migrations', 'frontend'];
const SOURCE_FILES = ['package-lock.json', 'nx.json', 'tsconfig.base.json'];
const NOT_SOURCE = ['node_modules', 'dist', '.angular', 'coverage', 'frontend/src/app/core/api'];
const NOT_BUILT = /\.(spec|testing)\.ts$|\.md$/;

function sourceFiles() {
  return [...SOURCE_FILES, ...SOURCE_ROOTS.flatMap(filesBelow)];
}

function filesBelow(folder) {
  const entries = readdirSync(at(folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (NOT_SOURCE.includes(entry.name) || NOT_SOURCE.includes(path)) return [];
    if (entry.isDirectory()) return filesBelow(path);
    return NOT_BUILT.test(entry.name) ? [] : [path];
  });
}

// ---- hand over

/** A start without any word about data is a look at the product: it may fill an empty database with the demo. */
function demoDefaults() {
  const set = (name) => Boolean(process.env[name] || process.env[`${name}_FILE`]);
  const own = ['DEMO', 'DATABASE_URL', 'PROVISIONING_FILE', 'HOST'].some(set);
  return own ? {} : { DEMO: 'true' };
}

/** On a machine with much memory, Node would let 128 MB of short-lived objects gather before it looks for what is still in use. */
function nodeOptions() {
  return JSON.parse(readFileSync(at('package.json'))).config.nodeOptions.split(' ');
}

function help(format) {
  process.stdout.write(
    'npm start starts Signalpost. It is set up by environment variables; each may stand in a file named by NAME_FILE.\n\n',
  );
  const script = `import { configTable } from ${JSON.stringify(at('backend', 'dist', 'config', 'index.js'))}; console.log(configTable('${format}'));`;
  return run([productNode()], ['--input-type=module', '-e', script]);
}

function handOver(args, environment = {}) {
  return run([productNode()], args, { environment, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], ownGroup: true });
}

/** The Node that came with the packages; where there is none for this machine, the running one if it is new enough. */
function productNode() {
  const packaged = at('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  refuseOlder(
    'Node.js',
    process.versions.node,
    [PRODUCT_NODE, 0],
    `There is no packaged one for ${process.platform}-${process.arch}.`,
  );
  return process.execPath;
}

/**
 * Runs a program to its end and gives its exit code. One in a group of its own gets signals from us alone and once: with
 * Ctrl-C the terminal and npm tell us of the same wish. With an `ipc` channel it sees our end, even when we are killed.
 */
function run(command, args, { environment = {}, stdio = 'inherit', ownGroup = false, onLine } = {}) {
  const path = [dirname(command[0]), at('node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command[0], [...command.slice(1), ...args], {
    cwd: root,
    env: { ...process.env, PATH: path, ...environment },
    stdio,
    detached: ownGroup,
  });
  if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine);
  const stopPassing = ownGroup ? passSignals(child) : () => undefined;
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Refusal(`${command[0]} could not be run: ${error.message}.`)));
    child.on('close', (code, signal) => {
      stopPassing();
      resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
    });
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A second wish after this time is an impatient one. */
const PATIENCE_MS = 3_000;

function passSignals(child) {
  let first = 0;
  const pass = (signal) => {
    if (first === 0) child.kill(signal);
    else if (Date.now() - first > PATIENCE_MS) child.kill('SIGKILL');
    first ||= Date.now();
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  const watch = watchNpm(() => pass('SIGTERM'));
  return () => {
    clearInterval(watch);
    for (const signal of SIGNALS) process.off(signal, pass);
  };
}

/** Where npm started us and is gone without a word (kill -9), nobody would ever stop what we started. */
function watchNpm(gone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const npm = starters();
  return setInterval(() => starters() !== npm && gone(), 1_000);
}

/** Our parent and, as npm may put a shell in between, its parent. */
function starters() {
  const parent = process.ppid;
  const status = `/proc/${parent}/status`;
  return `${parent} ${existsSync(status) ? /^PPid:\s*(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1] : ''}`;
}

// ---- small things

function refuseOlder(name, version, least, advice) {
  const [major, minor] = String(version).split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new Refusal(`Signalpost needs ${name} ${least.join('.')} or newer, and this is ${version}. ${advice}`);
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function digest(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

function output(command, args) {
  return spawnSync(command[0], [...command.slice(1), ...args], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

const seconds = (since) => Math.round((Date.now() - since) / 1000);

async function main([name = 'start', ...args]) {
  refuseOlder(
    'Node.js',
    process.versions.node,
    LEAST_NODE,
    'Install a newer one, for example from https://nodejs.org.',
  );
  const command = COMMANDS[name];
  if (command === undefined)
    throw new Refusal(`There is no command "${name}"; there are: ${Object.keys(COMMANDS).join(', ')}.`);
  return command(args);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code ?? 0),
  (error) => {
    process.stderr.write(`[signalpost] ${error instanceof Refusal ? error.message : error.stack}\n`);
    process.exit(1);
  },
);
