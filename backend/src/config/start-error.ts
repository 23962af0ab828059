/** Why the program cannot start, in one sentence that a person can act on; shown without a stack trace, exit code 1. */
export class StartError extends Error {
  override name = 'StartError';
}

/** Node's system errors carry a code (`ENOENT`); PostgreSQL's a SQLSTATE (`28P01`). */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
