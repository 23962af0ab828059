import { FetchError, type FetchOptions, type GuardedFetch } from '../../../net/index.js';
import { mailFailure, type MailFailure, type MailFailureCode } from '../../failures.js';
import type { AccessToken } from '../../oauth/token-service.js';
import { Redactor } from '../../redactor.js';
import type { NotSent } from '../mail-transport.js';
import { replacement, withoutToken, type MailboxTokens } from '../mailbox-tokens.js';
import { classifyAnswer, type ApiError, type ApiRule } from './classify-api.js';

/** How an API is reached. */
export interface ApiAccess {
  /** Where the provider's template says that it lives, without a slash at its end. */
  readonly url: string;
  readonly http: Pick<GuardedFetch, 'fetch'>;
  /** The connector, what may be dialled, how long an answer may take. */
  readonly options: FetchOptions;
  readonly tokens: MailboxTokens;
  /** Hears what is asked and answered; never tokens or mails. */
  readonly onLine?: ((from: 'client' | 'server', line: string) => void) | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or undefined. */
  readonly body: unknown;
}

export type Called = { readonly ok: true; readonly answer: ApiAnswer } | NotSent;

export interface ApiRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Below the API's address, or a whole address that the API gave us: the token never goes there. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** When no answer came to it, the mail may have been sent. */
  readonly sends?: boolean;
}

/**
 * Speaks with an API in the name of a mailbox. A token that is refused (401) is replaced once; then the grant is marked and
 * the mail waits. Never throws.
 */
export class ApiCaller {
  readonly #redactor = new Redactor();

  constructor(
    private readonly access: ApiAccess,
    private readonly rules: readonly ApiRule[],
  ) {}

  async call(request: ApiRequest): Promise<Called> {
    if (/^https?:/.test(request.path)) return this.#judge(await this.#fetch(request, undefined));
    const { tokens } = this.access;
    const first = await tokens.get();
    if (!first.ok) return notSent(withoutToken(first.failure));
    const answer = await this.#fetch(request, first.value);
    if ('ok' in answer || answer.status !== 401) return this.#recovered(first.value, this.#judge(answer));
    const second = await replacement(tokens, first.value.grantRevision);
    if (second === null) return this.#refused(first.value, answer);
    if (!second.ok) return notSent(withoutToken(second.failure));
    const again = await this.#fetch(request, second.value);
    return 'ok' in again || again.status !== 401 ? this.#judge(again) : this.#refused(second.value, again);
  }

  /** The grant tells that the server refuses its tokens; it takes them again. */
  async #recovered({ refusedByServer }: AccessToken, called: Called): Promise<Called> {
    if (refusedByServer && called.ok) await this.access.tokens.accepted();
    return called;
  }

  async #fetch({ method, path, headers, body, sends }: ApiRequest, token?: AccessToken): Promise<ApiAnswer | NotSent> {
    const { url, http, options, onLine } = this.access;
    if (token !== undefined) this.#redactor.add(token.token);
    const request = new Request(token === undefined ? path : url + path, {
      method,
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token.token}` }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    onLine?.(
      'client',
      `${method} ${new URL(request.url).origin}${token === undefined ? '/…' : path} (${sizeOf(body)})`,
    );
    try {
      const response = await http.fetch(request, options);
      const answer = { status: response.status, headers: response.headers, body: parse(await response.text()) };
      onLine?.('server', this.#said(answer));
      return answer;
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      onLine?.('server', error.message);
      return notSent(unanswered(error, sends === true));
    }
  }

  #judge(answer: ApiAnswer | NotSent): Called {
    if ('ok' in answer) return answer;
    if (answer.status < 400) return { ok: true, answer };
    const reply = this.#said(answer);
    const error: ApiError = { status: answer.status, ...errorOf(answer.body) };
    const retryAfterMs = retryAfter(answer.headers);
    return {
      ...notSent(mailFailure(classifyAnswer(error, this.rules), `It says: ${reply}`), reply),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }

  async #refused({ grantRevision }: AccessToken, answer: ApiAnswer): Promise<NotSent> {
    const reply = this.#said(answer);
    await this.access.tokens.refused(grantRevision, reply);
    return notSent(mailFailure('token-refused', `It says: ${reply}`), reply);
  }

  #said({ status, headers, body }: ApiAnswer): string {
    const { code, message } = errorOf(body);
    const id = headers.get('request-id');
    const told = [code, message].filter((text) => text !== '').join(': ');
    return this.#redactor.clean([String(status), told, id === null ? '' : `(request ${id})`].join(' '));
  }
}

export const notSent = (failure: MailFailure, reply: string | null = null): NotSent => ({
  ok: false,
  failure,
  reply,
  refused: [],
});

const BEFORE_SENDING: Readonly<Partial<Record<FetchError['kind'], MailFailureCode>>> = {
  address: 'mail-server-unusable',
  egress: 'egress-refused',
  tls: 'tls-certificate',
};

/** What never reached the server can be tried again without a doubt. */
function unanswered(error: FetchError, sends: boolean): MailFailure {
  const code = systemCode(error.cause);
  const known =
    BEFORE_SENDING[error.kind] ??
    (code === 'EPROXY' ? 'proxy-failed' : undefined) ??
    (/^(ENOTFOUND|EAI_AGAIN)$/.test(code) ? 'host-not-found' : undefined) ??
    (code === 'ECONNREFUSED' ? 'connection-refused' : undefined);
  return mailFailure(known ?? (sends ? 'outcome-unknown' : 'connection-lost'), `(${error.message})`);
}

function systemCode(cause: unknown): string {
  const { code } = Object(cause) as { code?: unknown }; // Object() makes any value indexable; checked below
  return typeof code === 'string' ? code : '';
}

/** Microsoft and Google name an error alike: `{error: {code, message}}`; Google's reasons are in a list. */
function errorOf(body: unknown): { code: string; message: string } {
  const { error } = Object(body) as { error?: unknown }; // as above
  const { code, message, errors, status } = Object(error) as Record<string, unknown>; // as above
  const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
  const { reason } = Object(first) as { reason?: unknown }; // as above
  const text = [reason, typeof code === 'string' ? code : status].find((one) => typeof one === 'string');
  return { code: typeof text === 'string' ? text : '', message: typeof message === 'string' ? message : '' };
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfter(headers: Headers): number | undefined {
  const said = headers.get('retry-after');
  if (said === null) return undefined;
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const sizeOf = (body: Buffer | string | undefined): string => `${body?.length ?? 0} bytes`;
