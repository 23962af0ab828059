import { PROBLEMS, type Problem, type ProblemCode, type ProblemFieldError } from '@signalpost/contracts';

export interface ProblemDetails {
  /** What is special about this case: one plain sentence, no secrets and no internals. */
  readonly detail?: string;
  readonly errors?: readonly ProblemFieldError[];
  /** Becomes the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** Thrown anywhere below a controller, answered as problem+json. */
export class ProblemError extends Error {
  override name = 'ProblemError';

  constructor(
    readonly code: ProblemCode,
    readonly details: ProblemDetails = {},
  ) {
    super(details.detail ?? PROBLEMS[code].title);
  }

  toProblem(requestId: string): Problem {
    const { detail, errors } = this.details;
    return {
      type: `urn:signalpost:problem:${this.code}`,
      code: this.code,
      ...PROBLEMS[this.code],
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors: [...errors] }),
      requestId,
    };
  }
}
