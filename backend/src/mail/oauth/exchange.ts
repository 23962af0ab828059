import { z } from 'zod';

import { FetchError, type FetchOptions, type GuardedFetch } from '../../net/index.js';
import { classifyAnswer, classifyFetch } from './classify.js';
import { refused, type Result } from './oauth-failures.js';

const seconds = z.coerce.number().positive();

/** RFC 6749 §5.1, OpenID Connect Core §3.1.3.3; Google and Microsoft tell the end of the refresh token besides. */
export const tokenAnswerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: seconds.optional(),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: seconds.optional(),
  id_token: z.string().optional(),
  scope: z.string().optional(),
});
export type TokenAnswer = z.infer<typeof tokenAnswerSchema>;

type Said = { readonly status: number; readonly body: unknown } | { readonly error: FetchError };

/** What a library may not see, or must see otherwise. */
export interface ExchangeOptions extends FetchOptions {
  /** An id token of an issuer that is not known cannot be checked by a library; who needs it reads it from the record. */
  readonly hideIdToken?: boolean;
  /** Answers without the network: a library that cannot go on where another process stopped is told what was answered then. */
  readonly replay?: (url: URL) => object | undefined;
  /** Sees every answer after a request with a body. */
  readonly afterPost?: () => void;
  /** Where a library's own constant really leads. */
  readonly rewrite?: (url: URL) => URL;
}

/**
 * One conversation of a library with its provider. The library composes and checks; what was said is recorded here, so
 * that refresh tokens (which MSAL hides), lifetimes and causes of failure are read in one way for all of them.
 * Faults of network and server are shown to the library as a plain refusal: it must not try again on its own.
 */
export class Exchange {
  #said: Said | undefined;

  constructor(
    private readonly http: GuardedFetch,
    private readonly options: ExchangeOptions = {},
  ) {}

  readonly send = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const replayed = this.options.replay?.(url);
    if (replayed !== undefined) return Response.json(replayed);
    const isPost = request.method === 'POST';
    try {
      const target = this.options.rewrite?.(url) ?? url;
      const answer = await this.http.fetch(
        target.href === url.href ? request : new Request(target, request),
        this.options,
      );
      const body = parse(await answer.text());
      if (isPost || !answer.ok) this.#said = { status: answer.status, body };
      return Response.json(this.#shown(body), { status: answer.status >= 500 ? 400 : answer.status });
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      this.#said = { error };
      return Response.json({ error: 'temporarily_unavailable' }, { status: 400 });
    } finally {
      if (isPost) this.options.afterPost?.();
    }
  };

  /** Runs a library; what the provider said decides, not how the library puts it. */
  async tokens(work: () => Promise<unknown>): Promise<Result<TokenAnswer>> {
    const complaint = await complaintOf(work);
    const said = this.#said;
    if (said === undefined) return refused('answer-invalid', complaint);
    if ('error' in said) return { ok: false, failure: classifyFetch(said.error) };
    const answer = tokenAnswerSchema.safeParse(said.body);
    if (!answer.success || said.status >= 400) return { ok: false, failure: classifyAnswer(said.status, said.body) };
    return complaint === undefined ? { ok: true, value: answer.data } : refused('answer-invalid', complaint);
  }

  /** As `tokens`, for answers of another shape. */
  async answer<T>(work: () => Promise<T>): Promise<Result<T>> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      const said = this.#said;
      if (said === undefined) return refused('answer-invalid', nameOf(error));
      return {
        ok: false,
        failure: 'error' in said ? classifyFetch(said.error) : classifyAnswer(said.status, said.body),
      };
    }
  }

  /** Lenient where providers are sloppy: a missing `token_type` is "Bearer" everywhere. */
  #shown(body: unknown): unknown {
    if (typeof body !== 'object' || body === null || !('access_token' in body)) return body ?? {};
    const { id_token: idToken, ...rest } = body as { id_token?: unknown }; // an object, as checked
    const identity = this.options.hideIdToken === true || idToken === undefined ? {} : { id_token: idToken };
    return { token_type: 'Bearer', ...rest, ...identity };
  }
}

async function complaintOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return nameOf(error);
  }
}

/** Never the message: a library may put a token into it. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return '(unknown)';
  const code = [error, error.cause].map((one) => codeOf(one)).find((one) => one !== '');
  return `(${code ?? error.name})`;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const code = 'errorCode' in error ? error.errorCode : 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code.slice(0, 60) : '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
