import type { HttpErrorResponse } from '@angular/common/http';
import type { Problem, ProblemFieldError } from '../api/models';

/** `unreachable` (no answer) and `unexpected` (an answer that is none of ours) are made here; all others come from the server. */
export type LocalProblemCode = 'unreachable' | 'unexpected';

/** As the server's problem+json, but complete: what it left out is empty. `status` is 0 when no answer came. */
export interface ProblemFacts extends Pick<Problem, 'title' | 'advice' | 'status' | 'retryable'> {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly ProblemFieldError[];
}

/** Every failed API call throws this: problem+json (RFC 9457) with the house's `code`, `advice` and `retryable`. */
export class ApiProblem extends Error {
  constructor(readonly facts: ProblemFacts) {
    super(facts.title);
    this.name = 'ApiProblem';
  }
}

/** Texts for the two cases in which no server words exist. */
export type LocalProblemText = (code: LocalProblemCode) => Pick<ProblemFacts, 'title' | 'detail' | 'advice'>;

/** @param failure what HttpClient threw; the body may still be text when the call expected text. */
export function problemOf(failure: HttpErrorResponse, text: LocalProblemText): ApiProblem {
  if (failure.status === 0) return localProblem('unreachable', 0, true, text);
  const body = asRecord(parsed(failure.error));
  if (!body || typeof body['title'] !== 'string') {
    return localProblem('unexpected', failure.status, failure.status >= 500, text);
  }
  return new ApiProblem({
    code: word(body['code']),
    title: body['title'],
    detail: word(body['detail']),
    advice: word(body['advice']),
    status: failure.status,
    retryable: body['retryable'] === true,
    errors: errorsOf(body['errors']),
  });
}

/** Any thrown thing as a problem, so that a page always has words to show. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof ApiProblem) return cause;
  const title = error instanceof Error ? error.message : String(error);
  return new ApiProblem({ code: 'unexpected', title, detail: '', advice: '', status: 0, retryable: false, errors: [] });
}

function localProblem(code: LocalProblemCode, status: number, retryable: boolean, text: LocalProblemText): ApiProblem {
  return new ApiProblem({ code, status, retryable, errors: [], ...text(code) });
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return null; // Not JSON: a proxy's page, for instance.
  }
}

function errorsOf(value: unknown): readonly ProblemFieldError[] {
  if (!Array.isArray(value)) return [];
  return value.map(asRecord).flatMap((entry) => {
    const message = word(entry?.['message']);
    return message ? [{ pointer: word(entry?.['pointer']), message, ...placeOf(entry) }] : [];
  });
}

/** Where in a text of several lines, if the server said so. */
function placeOf(entry: Record<string, unknown> | null): Pick<ProblemFieldError, 'line' | 'column'> {
  const [line, column] = [entry?.['line'], entry?.['column']];
  return { ...(typeof line === 'number' ? { line } : {}), ...(typeof column === 'number' ? { column } : {}) };
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? { ...value } : null;
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
