import { createPublicKey, randomUUID, verify } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Provider } from 'oidc-provider';

/** What the authority is like, and who sits in front of it. */
export interface OAuthPersona {
  /** Who signs in. */
  person: string;
  /** The provider has not verified the person's address. */
  unverified?: boolean;
  /** The provider says nothing of having verified it, as Microsoft Entra. */
  silentOnVerified?: boolean;
  /** The person refuses. */
  denies?: boolean;
  accessSeconds: number;
  /** Gives no refresh token at all. */
  omitsRefreshToken?: boolean;
  /** Tells the end of refresh tokens, as Google does for projects in "Testing". */
  refreshSeconds?: number;
  /** The token endpoint answers this many requests with this status. */
  fails?: { status: number; times: number };
  /** The token endpoint answers so (400) until it is taken away. */
  refuses?: { error: string; error_description?: string; error_codes?: number[] };
  /** The token endpoint waits for this before it answers. */
  holds?: Promise<void>;
  /** Its clock is wrong by so much. */
  skewSeconds?: number;
  /** Seconds between two questions of a device. */
  interval: number;
  /** A device is told to slow down this many times. */
  slowsDown?: number;
  /** Of the service account. */
  serviceAccountKey?: string;
}

export interface TokenRequest {
  readonly grantType: string;
  readonly form: Readonly<Record<string, string>>;
  /** 0 while it is under way. */
  status: number;
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

type Form = Record<string, string>;

/** What makes of a plain OpenID provider what Microsoft and Google are: short grant names, an interval, their own errors. */
export class AuthorityShim {
  readonly tokenRequests: TokenRequest[] = [];
  readonly #refreshTokens = new Set<string>();
  readonly #revoked = new Set<string>();
  readonly #accounts = new Map<string, string>();

  constructor(
    private readonly kind: 'microsoft' | 'google',
    private readonly prefix: string,
    private readonly persona: OAuthPersona,
    private readonly provider: Provider,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '';
    if (path.startsWith('/interaction/')) return this.#interact(request, response);
    if (!path.startsWith(this.prefix)) return void response.writeHead(404).end();
    const form = request.method === 'POST' ? await readForm(request) : {};
    const local = path.slice(this.prefix.length);
    if (local === '/token' && (await this.#answers(form, response))) return;
    this.#edit(response, local, form);
    Object.assign(request, { originalUrl: request.url, url: (request.url ?? '').slice(this.prefix.length) || '/' });
    if (request.method === 'POST') Object.assign(request, { body: form });
    await this.provider.callback()(request, response);
  }

  revokeAll(): void {
    for (const token of this.#refreshTokens) this.#revoked.add(token);
  }

  async accountOf(accessToken: string): Promise<string | undefined> {
    const own = this.#accounts.get(accessToken);
    if (own !== undefined) return own;
    const found = await this.provider.AccessToken.find(accessToken);
    if (found !== undefined) return found.accountId;
    return (await this.provider.ClientCredentials.find(accessToken)) === undefined ? undefined : this.persona.person;
  }

  async enterCode(userCode: string): Promise<void> {
    const code = await this.provider.DeviceCode.findByUserCode(userCode.replaceAll(/[^A-Z0-9]/gi, ''), {});
    if (code === undefined) throw new Error(`Nobody asked with the code ${userCode}`);
    const given = code.params?.['scope'];
    const scope = typeof given === 'string' ? given : '';
    const grant = new this.provider.Grant({ clientId: code.clientId ?? '', accountId: this.persona.person });
    grant.addOIDCScope(scope);
    const authTime = Math.floor(Date.now() / 1000);
    Object.assign(code, { accountId: this.persona.person, grantId: await grant.save(), scope, authTime, claims: {} });
    await code.save();
  }

  /** The person in front of the login page. */
  async #interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const result = this.persona.denies
      ? { error: 'access_denied', error_description: 'The person refused <b>this</b>.' }
      : { login: { accountId: this.persona.person }, consent: {} };
    await this.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  }

  /** What the persona answers instead of the provider. */
  async #answers(form: Form, response: ServerResponse): Promise<boolean> {
    const record: TokenRequest = { grantType: form['grant_type'] ?? '', form: { ...form }, status: 0 };
    this.tokenRequests.push(record);
    response.once('finish', () => (record.status = response.statusCode));
    if (form['grant_type'] === 'device_code') form['grant_type'] = DEVICE_GRANT;
    if (form['grant_type'] === 'refresh_token') delete form['scope']; // Microsoft minds no "offline_access" there
    const { persona } = this;
    await persona.holds;
    if (persona.fails !== undefined && persona.fails.times > 0) {
      persona.fails.times -= 1;
      response.writeHead(persona.fails.status, { 'Content-Type': 'text/html' }).end('<h1>Sorry</h1>');
      return true;
    }
    const body = this.#ownAnswer(form);
    if (body === undefined) return false;
    response.writeHead('error' in body ? 400 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    return true;
  }

  #ownAnswer(form: Form): object | undefined {
    const { persona } = this;
    if (persona.refuses !== undefined) return persona.refuses;
    if (form['grant_type'] === DEVICE_GRANT && (persona.slowsDown ?? 0) > 0) {
      persona.slowsDown = (persona.slowsDown ?? 0) - 1;
      return { error: 'slow_down' };
    }
    if (this.#revoked.has(form['refresh_token'] ?? '')) return this.#revokedAnswer();
    return form['grant_type'] === JWT_GRANT ? this.#serviceAccount(form['assertion'] ?? '') : undefined;
  }

  #revokedAnswer(): object {
    if (this.kind === 'google')
      return { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' };
    const error_description = 'AADSTS50173: The provided grant has expired due to it being revoked.';
    return { error: 'invalid_grant', error_description, error_codes: [50173], suberror: 'bad_token' };
  }

  /** RFC 7523 §2.1, as Google wants it. */
  #serviceAccount(assertion: string): object {
    const [head = '', body = '', signature = ''] = assertion.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { sub?: string };
    const key = createPublicKey(this.persona.serviceAccountKey ?? '');
    const good = verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
    if (!good || claims.sub === undefined)
      return { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' };
    const token = randomUUID();
    this.#accounts.set(token, claims.sub);
    return { access_token: token, expires_in: this.persona.accessSeconds, token_type: 'Bearer' };
  }

  /** Changes what the provider says on its way out. */
  #edit(response: ServerResponse, local: string, form: Form): void {
    if (local !== '/token' && local !== '/devicecode') return;
    const end = response.end.bind(response) as (chunk: string) => ServerResponse;
    const edited = (chunk?: unknown): ServerResponse => {
      const body = JSON.stringify(
        this.#edited(
          JSON.parse(Buffer.isBuffer(chunk) || typeof chunk === 'string' ? chunk.toString() : '{}') as Form,
          local,
          form,
        ),
      );
      response.setHeader('Content-Length', Buffer.byteLength(body));
      return end(body);
    };
    Object.assign(response, { end: edited });
  }

  #skewed(body: Record<string, unknown>): Record<string, unknown> {
    const { id_token: idToken } = body;
    const seconds = this.persona.skewSeconds ?? 0;
    return typeof idToken === 'string' ? { ...body, id_token: shiftTimes(idToken, seconds) } : body;
  }

  #edited(body: Record<string, unknown>, local: string, form: Form): object {
    if (local === '/devicecode') return { ...body, interval: this.persona.interval };
    const { refresh_token: refresh, ...rest } = this.#skewed(body);
    if (typeof refresh !== 'string') return body;
    this.#refreshTokens.add(refresh);
    const keepsOld = this.kind === 'google' && form['grant_type'] === 'refresh_token';
    const end = this.persona.refreshSeconds;
    return {
      ...rest,
      ...(keepsOld ? {} : { refresh_token: refresh }),
      ...(end === undefined ? {} : { refresh_token_expires_in: end }),
    };
  }
}

/** Nobody checks the signature of what comes straight from the token endpoint, so it need not be made anew. */
function shiftTimes(token: string, seconds: number): string {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const shifted = Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, typeof value === 'number' ? value + seconds : value]),
  );
  return [head, Buffer.from(JSON.stringify(shifted)).toString('base64url'), signature].join('.');
}

async function readForm(request: IncomingMessage): Promise<Form> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
}
