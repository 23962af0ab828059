import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import pg from 'pg';
import { stringify } from 'yaml';

import { Child } from './child.ts';
import { BENCH_CHAIN } from './rule-chain.ts';
import { sleep } from './statistics.ts';

/** More devices than a wave has messages, so that the order of each costs no time; a prime, so that each Nth message is of another one. */
export const DEVICES = 1_009;
export const POOL = 10;
/** The one person who has an account. */
export const KNOWN_ADDRESS = 'known@example.org';
export const KNOWN_PASSWORD = 'a-long-enough-secret';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const device = (id: number): string => `bench-${id % DEVICES}`;

/** As `npm start` starts the product. */
const NODE_OPTIONS = readNodeOptions();

/** A system that takes telemetry over HTTP and sends mails, as a process. */
export interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly databaseUrl: string;
  child: Child;
  path(id: number): string;
  /** Where it takes telemetry over MQTT; absent: it does not. */
  readonly mqtt?: { readonly port: number; readonly token: (id: number) => string };
  /** Resolves when everything accepted has been through the rules. */
  drained(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export type Start = (databaseUrl: string, smtpPort: number) => Promise<Contestant>;

/** A program that has processed what it has accepted. */
const startProgram =
  (name: string, script: string, more: Readonly<Record<string, string>> = {}): Start =>
  async (databaseUrl, smtpPort) => {
    const port = await freePort();
    const env = { DATABASE_URL: databaseUrl, SMTP_PORT: String(smtpPort), PORT: String(port), ...more };
    const start = () => Child.start([here(script)], env, 'ready');
    const contestant: Contestant = {
      name,
      port,
      databaseUrl,
      child: await start(),
      path: (id) => `/${device(id)}`,
      drained: () => Promise.resolve(),
      async restart() {
        contestant.child = await start();
      },
      async stop() {
        await contestant.child.end('SIGTERM');
      },
    };
    return contestant;
  };

export const startRawPg = startProgram('raw-pg', './systems/raw-pg.ts');

/** What people would take instead; fetched from the registry for a run that asks for it, and no part of the product. */
const NODE_RED = ['node-red@5.0.7', 'node-red-node-email@5.2.5'];

/** @returns the folder that it is in, which the caller removes */
export function installNodeRed(): string {
  const home = mkdtempSync(join(tmpdir(), 'signalpost-bench-node-red-'));
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...NODE_RED], { cwd: home });
  return home;
}

/** Nothing of it is durable. @param home what `installNodeRed` answered */
export const startNodeRed = (home: string): Start =>
  startProgram('Node-RED', './systems/node-red.ts', { NODE_RED_HOME: home });

export interface ProductOptions {
  /** Settings of the mail server over those of the others. */
  readonly mailServer?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** `nodeOptions`: for a profile. */
export const startProduct =
  (nodeOptions: readonly string[] = [], { mailServer = {}, env: more = {} }: ProductOptions = {}): Start =>
  async (databaseUrl, smtpPort) => {
    const home = mkdtempSync(join(tmpdir(), 'signalpost-bench-product-'));
    const port = await freePort();
    const mqttPort = await freePort();
    const ports = { PORT: String(port), MQTT_PORT: String(mqttPort), SANDBOX_SMTP_PORT: String(await freePort()) };
    const env: Record<string, string> = { ...productEnvironment(home, databaseUrl), ...ports, ...more };
    writeFileSync(join(home, 'chain.json'), JSON.stringify(BENCH_CHAIN));
    writeFileSync(env['PROVISIONING_FILE'] ?? '', stringify(provisioning(smtpPort, mailServer)));
    const args = [...NODE_OPTIONS, ...nodeOptions, here('../../backend/dist/main.js')];
    const start = () => Child.start(args, env, 'Signalpost is ready');
    const child = await start();
    const db = new pg.Client({ connectionString: databaseUrl });
    await db.connect();
    const contestant: Contestant = {
      name: 'Signalpost',
      port,
      databaseUrl,
      child,
      path: (id) => `/api/v1/${device(id)}/telemetry`,
      mqtt: { port: mqttPort, token: device },
      async drained() {
        while ((await db.query('select 1 from queue_message limit 1')).rows.length > 0) await sleep(5);
      },
      async restart() {
        contestant.child = await start();
      },
      async stop() {
        await db.end();
        await contestant.child.end('SIGTERM');
        rmSync(home, { recursive: true, force: true });
      },
    };
    return contestant;
  };

const productEnvironment = (home: string, databaseUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  DATA_DIR: join(home, 'data'),
  SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  EGRESS_ALLOW: '127.0.0.1',
  PROVISIONING_FILE: join(home, 'bench.yaml'),
  TRUSTED_PROXIES: '127.0.0.1',
  LOG_LEVEL: 'warn',
});

const provisioning = (smtpPort: number, mailServer: object): object => ({
  tenants: [
    {
      name: 'Bench',
      admins: [{ email: KNOWN_ADDRESS, password: KNOWN_PASSWORD }],
      mailServers: [
        {
          name: 'DEFAULT',
          default: true,
          provider: 'custom',
          from: 'alarms@example.org',
          host: '127.0.0.1',
          port: smtpPort,
          tls: 'none',
          auth: { kind: 'none' },
          maxConnections: POOL,
          ...mailServer,
        },
      ],
      devices: Array.from({ length: DEVICES }, (_, id) => ({
        name: device(id),
        type: 'thermostat',
        token: device(id),
      })),
      ruleChains: [{ file: 'chain.json', root: true }],
    },
  ],
});

export async function startNodemailer(smtpPort: number): Promise<Child> {
  return Child.start([here('./systems/raw-nodemailer.ts')], { SMTP_PORT: String(smtpPort) }, 'ready');
}

function readNodeOptions(): string[] {
  const { config } = JSON.parse(readFileSync(here('../../package.json'), 'utf8')) as {
    config: { nodeOptions: string };
  };
  return config.nodeOptions.split(' ');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
