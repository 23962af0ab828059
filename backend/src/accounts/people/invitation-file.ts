import {
  invitationRowSchema,
  MAX_INVITATION_ROWS,
  type InvitationRow,
  type InvitationRows,
} from '@signalpost/contracts';

import { ProblemError } from '../../http/index.js';
import { readCsv } from './csv.js';

/** A row with the place where it stands, for the report. */
export interface NumberedRow {
  readonly line: number;
  readonly row: InvitationRow;
}

/** Names of the columns, which are those of the JSON rows. */
const COLUMNS = Object.keys(invitationRowSchema.shape);

export const numbered = ({ rows }: InvitationRows): NumberedRow[] =>
  rows.map((row, index) => ({ line: index + 1, row }));

/**
 * The first line names the columns, in any order; `email` is needed.
 * @throws ProblemError `validation-failed`
 */
export function readInvitationFile(text: string): NumberedRow[] {
  const [header, ...lines] = parse(text);
  const columns = header?.cells.map((name) => name.toLowerCase()) ?? [];
  refuseColumns(columns);
  if (lines.length === 0 || lines.length > MAX_INVITATION_ROWS)
    throw refused(`must have 1 to ${MAX_INVITATION_ROWS} lines below the names of the columns`);
  return lines.map(({ line, cells }) => ({ line, row: rowOf(columns, cells) }));
}

function parse(text: string) {
  try {
    return readCsv(text);
  } catch (error) {
    throw refused(error instanceof RangeError ? error.message : 'cannot be read');
  }
}

function refuseColumns(columns: readonly string[]): void {
  const strange = columns.filter((name) => !COLUMNS.includes(name));
  if (!columns.includes('email') || strange.length > 0 || new Set(columns).size < columns.length)
    throw refused(`must begin with a line that names the columns: email, and if wanted ${COLUMNS.slice(1).join(', ')}`);
}

/** Too many cells in a line are kept in view: the last column gets them, and is then refused for what it is. */
function rowOf(columns: readonly string[], cells: readonly string[]): InvitationRow {
  const filled = columns.flatMap((name, index) => {
    const value = index === columns.length - 1 ? cells.slice(index).join(' ') : cells[index];
    return value === undefined || value === '' ? [] : [[name, value.slice(0, 100)] as const];
  });
  return invitationRowSchema.parse({ email: '', ...Object.fromEntries(filled) });
}

const refused = (message: string): ProblemError =>
  new ProblemError('validation-failed', { errors: [{ pointer: '', message: `The file ${message}` }] });
