import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

const proc = (pid: number, file: string): string =>
  existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/${file}`, 'utf8') : '';

/** User and system time of a process with all its threads; NaN when there is none of this number here. */
export function cpuSecondsOf(pid: number): number {
  const fields = proc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Of the children of a process's parent that have ended: connections that a contestant closed on its way. */
export function endedSiblingsSeconds(pid: number): number {
  const parent = Number(/PPid:\s*(\d+)/.exec(proc(pid, 'status'))?.[1] ?? NaN);
  const fields = proc(parent, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** Memory of a process; what it shares with others counts in part. */
export const proportionalMiB = (pid: number): number =>
  Number(/Pss:\s*(\d+)/.exec(proc(pid, 'smaps_rollup'))?.[1] ?? NaN) / 1024;

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
    return cpuSecondsOf(this.process.pid ?? 0);
  }

  peakMiB(): number {
    return Number(/VmHWM:\s*(\d+)/.exec(proc(this.process.pid ?? 0, 'status'))?.[1] ?? NaN) / 1024;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    const patience = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(patience);
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
