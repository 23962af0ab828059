import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { stringify } from 'yaml';

import { Visitor } from './visitor.js';
import { createDatabase } from './database.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MAIN = join(ROOT, 'backend/dist/main.js');
export const CLI = join(ROOT, 'backend/dist/cli/main.js');

export interface ProductOptions {
  /** The provisioning file, as an object. */
  readonly provisioning?: object;
  /** Environment variables over those of the harness; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** The built product as a process of its own, with its own database, folder and ports. */
export class Product {
  #child: ChildProcess | undefined;
  #output = '';
  #user: { readonly uid: number; readonly gid: number } | undefined;

  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    /** Holds DATA_DIR (`data`) and the provisioning file. */
    readonly home: string,
    readonly env: Record<string, string>,
  ) {}

  /** Everything is made, nothing runs yet. */
  static async prepare({ provisioning, env = {} }: ProductOptions = {}): Promise<Product> {
    const home = mkdtempSync(join(tmpdir(), 'signalpost-product-'));
    chmodSync(home, 0o755); // an embedded PostgreSQL runs as another user than root
    const [port, sandboxPort, databaseUrl] = [await freePort(), await freePort(), await createDatabase()];
    const all: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      PORT: String(port),
      SANDBOX_SMTP_PORT: String(sandboxPort),
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: '10',
      DATA_DIR: join(home, 'data'),
      SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      EGRESS_ALLOW: 'localhost,127.0.0.1',
      ...env,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const product = new Product(`http://127.0.0.1:${port}`, databaseUrl, home, Object.fromEntries(given));
    if (provisioning !== undefined) product.provision(provisioning);
    return product;
  }

  /** Writes the provisioning file that the next start applies; gives its name. */
  provision(content: object | string): string {
    const file = join(this.home, 'provisioning.yaml');
    writeFileSync(file, typeof content === 'string' ? content : stringify(content));
    this.env['PROVISIONING_FILE'] = file;
    return file;
  }

  /** Prepared and ready to be used. */
  static async start(options: ProductOptions = {}): Promise<Product> {
    const product = await Product.prepare(options);
    await product.start();
    return product;
  }

  /** Everything that it has printed, over all its starts. */
  get output(): string {
    return this.#output;
  }

  /** Runs it as somebody else; only root can. */
  asUser(user: { readonly uid: number; readonly gid: number }): void {
    this.#user = user;
    chmodSync(this.home, 0o777);
  }

  /** Starts it (again) and waits until it says that it is ready. */
  async start(): Promise<void> {
    const child = this.#spawn(MAIN);
    const answer = await until('the product to be ready', async () => {
      if (hasEnded(child)) return 'ended';
      return (await fetch(`${this.url}/health/ready`)).ok && 'ready';
    });
    if (answer === 'ended') throw new Error(`The product ended while it started:\n${this.#output}`);
  }

  /** A start that is expected to end by itself. */
  async startToEnd(): Promise<Ended> {
    return this.#toEnd(MAIN, []);
  }

  /** `npm run signalpost -- …` with the product's settings. */
  async cli(...args: string[]): Promise<Ended> {
    return this.#toEnd(CLI, args);
  }

  async #toEnd(program: string, args: readonly string[]): Promise<Ended> {
    const before = this.#output.length;
    const child = this.#spawn(program, args);
    await once(child, 'close');
    return { code: child.exitCode, output: this.#output.slice(before) };
  }

  #spawn(program: string, args: readonly string[] = []): ChildProcess {
    const child = spawn(process.execPath, [program, ...args], {
      ...this.#user,
      cwd: this.home,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    if (program === MAIN) this.#child = child;
    return child;
  }

  /** The power cut: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** As a service manager would; gives the exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return child?.exitCode ?? null;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  /** At the end of a spec; a product that does not stop in time is killed. */
  async dispose(): Promise<void> {
    const patience = setTimeout(() => void this.kill(), 20_000);
    await this.stop();
    clearTimeout(patience);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** A person or program that speaks HTTP to it; not signed in. */
  visitor(): Visitor {
    return new Visitor(this.url);
  }

  /** A program with an API token. */
  bearer(token: string): Visitor {
    return new Visitor(this.url, token);
  }

  async signIn(email: string, password: string): Promise<Visitor> {
    const visitor = this.visitor();
    await visitor.post('/api/auth/sign-in', { email, password });
    return visitor;
  }

  /** What a device does. */
  async telemetry(token: string, body: unknown): Promise<Response> {
    return this.visitor().send('POST', `/api/v1/${token}/telemetry`, body);
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
