import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

/** Nest token of the process's log. */
export const LOG = Symbol('LOG');

export type Log = Logger;

/** Fields that would carry a secret into the log, however deep a caller nests them. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'secret', 'secretKeys'];

const REDACTED = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.headers.${field}`]);

/** JSON lines for machines; one readable line for each entry when a person looks at a terminal. */
export function createLog(level: string, destination: DestinationStream = defaultDestination()): Log {
  return pino(
    { level, redact: { paths: [...REDACTED, '*.headers["set-cookie"]'], censor: '[secret]' }, base: null },
    destination,
  );
}

const defaultDestination = (): DestinationStream =>
  process.stdout.isTTY ? readable : pino.destination({ fd: 1, sync: true });

const readable: DestinationStream = {
  write: (line) => {
    const { time, level, msg, err, ...rest } = JSON.parse(line) as LogLine; // pino's own line
    const name = pino.levels.labels[level]?.toUpperCase() ?? '';
    const fields = Object.entries(rest).map(
      ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const cause = err?.stack === undefined ? '' : `\n${err.stack}`;
    process.stdout.write(
      `${new Date(time).toISOString().slice(11, 19)} ${name.padEnd(5)} ${msg ?? ''}${fields.join('')}${cause}\n`,
    );
  },
};

interface LogLine {
  readonly time: number;
  readonly level: number;
  readonly msg?: string;
  readonly err?: { readonly stack?: string };
  readonly [field: string]: unknown;
}

/** Nest's own lines go into the same log; its start-up chatter only at `debug`. */
export function nestLogger(log: Log): LoggerService {
  const write =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) =>
      log[level]({ context: rest.at(-1) }, String(message));
  return {
    log: write('debug'),
    verbose: write('debug'),
    debug: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}
