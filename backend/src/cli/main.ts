import 'reflect-metadata';

import { configTable, StartError } from '../config/index.js';
import { fail } from '../start/outcome.js';
import { apply } from './apply.js';
import { rotateKeys } from './rotate-keys.js';
import { showLink } from './show-link.js';
import { OPENAPI_FILE, writeOpenApi } from './write-openapi.js';

const HELP = `npm run signalpost -- COMMAND

  apply FILE   apply a provisioning file to the database
  rotate-keys  seal every stored secret anew with the first key of SECRET_KEYS; can be interrupted and begun again
  link EMAIL   print a link with which this user sets a password: the way in when no mail arrives
  openapi      write the description of the HTTP API (backend/contracts/openapi.json)
  help         show this

Settings are environment variables; each may stand in a file named by NAME_FILE.

${configTable('text')}
`;

async function run([command = 'help', ...args]: readonly string[]): Promise<void> {
  if (command === 'apply') return apply(onlyArgument(args, 'Name one file: npm run signalpost -- apply FILE'));
  if (command === 'rotate-keys') return rotateKeys();
  if (command === 'link') return showLink(onlyArgument(args, 'Name one address: npm run signalpost -- link EMAIL'));
  if (command === 'openapi') {
    await writeOpenApi();
    process.stdout.write(`Wrote ${OPENAPI_FILE}\n`);
    return;
  }
  if (!['help', '--help', '-h'].includes(command)) throw new StartError(`There is no command "${command}".\n\n${HELP}`);
  process.stdout.write(HELP);
}

function onlyArgument(args: readonly string[], otherwise: string): string {
  const [argument, ...more] = args;
  if (argument === undefined || more.length > 0) throw new StartError(otherwise);
  return argument;
}

try {
  await run(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  fail(error);
}
