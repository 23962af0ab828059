import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** A process under measurement. What it prints is kept, and shown when it ends where it should not. */
export class Child {
  readonly process: ChildProcess;
  #output = '';

  private constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  /** Started, and has printed `ready`. */
  static async start(args: readonly string[], env: Readonly<Record<string, string>>, ready: string): Promise<Child> {
    const child = new Child(args, env);
    await child.#printed(ready);
    return child;
  }

  /** Processor seconds that this process alone has used. */
  cpuSeconds(): number {
    const fields = this.#proc('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  peakMiB(): number {
    return Number(/VmHWM:\s*(\d+)/.exec(this.#proc('status'))?.[1] ?? NaN) / 1024;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    const patience = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(patience);
  }

  #proc(file: string): string {
    return readFileSync(`/proc/${this.process.pid ?? 0}/${file}`, 'utf8');
  }

  #printed(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const hear = (chunk: string): void => {
        this.#output = (this.#output + chunk).slice(-20_000);
        if (this.#output.includes(text)) resolve();
      };
      for (const stream of [this.process.stdout, this.process.stderr]) stream?.setEncoding('utf8').on('data', hear);
      this.process.once('exit', (code, signal) => reject(new Error(`It ended (${code ?? signal}):\n${this.#output}`)));
    });
  }
}
