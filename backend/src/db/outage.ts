/** Connection refused or lost, out of resources, too many connections, shutting down. */
const OUTAGE = /^(ECONN\w+|ENOTFOUND|EPIPE|ETIMEDOUT|08\w{3}|53\w{3}|57P0[1-5])$/;
/** What pg says without a code. */
const OUTAGE_MESSAGE =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;
/** Two transactions met: one of them is to be run again. */
const COLLISION = /^40(001|P01)$/;

/** Whether the database is out of reach or restarting: nothing that was asked of it is to blame. */
export function isOutage(error: unknown): boolean {
  return error instanceof Error && (OUTAGE.test(codeOf(error)) || OUTAGE_MESSAGE.test(error.message));
}

/** Whether the same transaction, run again, may well succeed. */
export function isTransient(error: unknown): boolean {
  return isOutage(error) || (error instanceof Error && COLLISION.test(codeOf(error)));
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');
