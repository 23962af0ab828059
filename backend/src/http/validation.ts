import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { ProblemFieldError } from '@signalpost/contracts';

import { ProblemError } from './problem-error.js';

/** An issue as every Standard Schema library reports it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Checks `@Body({ schema })`, `@Query({ schema })`, `@Param({ schema })`; refuses with a JSON Pointer for each error. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({ exceptionFactory: validationProblem });

export function validationProblem(issues: readonly Issue[]): ProblemError {
  return new ProblemError('validation-failed', { errors: issues.map(toFieldError) });
}

function toFieldError(issue: Issue): ProblemFieldError {
  return { pointer: (issue.path ?? []).map(toPointerPart).join(''), message: issue.message };
}

/** RFC 6901: `~` and `/` inside a name are escaped. */
function toPointerPart(part: PropertyKey | { readonly key: PropertyKey }): string {
  const key = typeof part === 'object' ? part.key : part;
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
