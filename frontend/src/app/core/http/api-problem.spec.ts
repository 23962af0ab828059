import { HttpErrorResponse } from '@angular/common/http';
import { describe, expect, it } from 'vitest';
import { ApiProblem, asProblem, problemOf } from './api-problem';

const words = (code: string) => ({ title: code + ' title', detail: '', advice: code + ' advice' });

function answer(status: number, error: unknown): HttpErrorResponse {
  return new HttpErrorResponse({ status, error });
}

describe('a failed call', () => {
  it('says what the server said', () => {
    const body = {
      type: 'urn:signalpost:problem:name-taken',
      code: 'name-taken',
      status: 409,
      title: 'Something else has this name already.',
      detail: 'A device named "A1" exists.',
      advice: 'Choose another name.',
      retryable: false,
      errors: [{ pointer: '/name', message: 'is taken' }],
      requestId: 'r1',
    };
    expect(problemOf(answer(409, body), words).facts).toEqual({
      code: 'name-taken',
      status: 409,
      title: body.title,
      detail: body.detail,
      advice: body.advice,
      retryable: false,
      errors: body.errors,
    });
  });

  it('says so too when the call expected text', () => {
    const body = JSON.stringify({ code: 'not-found', title: 'Gone.', advice: 'Go back.', retryable: false });
    expect(problemOf(answer(404, body), words).facts).toMatchObject({ code: 'not-found', title: 'Gone.' });
  });

  it('has words of its own when no answer came, and may be tried again', () => {
    const { facts } = problemOf(answer(0, new ProgressEvent('error')), words);
    expect(facts).toMatchObject({ code: 'unreachable', title: 'unreachable title', retryable: true });
  });

  it.each([
    ['the page of a proxy', 502, '<html>Bad gateway</html>', true],
    ['JSON that is no problem', 418, { hello: 'world' }, false],
    ['nothing', 500, null, true],
  ])('has words of its own for %s', (_what, status, body, retryable) => {
    const { facts } = problemOf(answer(status, body), words);
    expect(facts).toMatchObject({ code: 'unexpected', advice: 'unexpected advice', status, retryable });
  });

  it('leaves out what a forged body puts in wrong shapes', () => {
    const body = {
      code: 7,
      title: 'Odd.',
      advice: null,
      retryable: 'yes',
      errors: [1, { pointer: 2, message: 'm' }, {}],
    };
    expect(problemOf(answer(400, body), words).facts).toMatchObject({
      code: '',
      advice: '',
      retryable: false,
      errors: [{ pointer: '', message: 'm' }],
    });
  });
});

describe('anything thrown', () => {
  it('stays the problem it was, also wrapped', () => {
    const problem = new ApiProblem({
      code: 'c',
      title: 't',
      detail: '',
      advice: '',
      status: 1,
      retryable: true,
      errors: [],
    });
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new Error('wrapped', { cause: problem }))).toBe(problem);
  });

  it('becomes a problem with its own message', () => {
    expect(asProblem(new Error('broken')).facts).toMatchObject({ code: 'unexpected', title: 'broken' });
    expect(asProblem('text').facts.title).toBe('text');
  });
});
