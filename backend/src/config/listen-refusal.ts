import { errorCode, StartError } from './start-error.js';
import type { VariableName } from './environment.js';

/** Where a server was to listen, and the variable that says so. */
export interface ListenAddress {
  readonly port: number;
  readonly host: string;
  readonly variable: VariableName;
}

/** What to throw for a server that cannot listen: one sentence with the way out, or the error itself when it is none of these. */
export function listenRefusal(error: unknown, address: ListenAddress): unknown {
  const sentence = SENTENCES[errorCode(error) ?? '']?.(address);
  return sentence === undefined ? error : new StartError(sentence);
}

const SENTENCES: Readonly<Record<string, (address: ListenAddress) => string>> = {
  EADDRINUSE: ({ port, host, variable }) =>
    `Port ${port} on ${host} is in use: stop the program that holds it, or set ${variable} to another one.`,
  EACCES: ({ port, variable }) =>
    `This user may not listen on port ${port}: set ${variable} to one above 1023, or allow it.`,
  EADDRNOTAVAIL: ({ host }) =>
    `This machine has no address ${host}: set HOST to one of its own, to 127.0.0.1 or to 0.0.0.0.`,
  ENOTFOUND: ({ host }) => `The name ${host} is not known: set HOST to an address of this machine.`,
};
