import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const CERTIFICATES = new URL('../../backend/src/mail/transport/fixtures/', import.meta.url);
const certificate = (name: string): string => readFileSync(new URL(name, CERTIFICATES), 'utf8');

/** What an API took for sending. */
export interface ApiMail {
  readonly api: 'graph' | 'gmail';
  /** Whose mailbox it was sent from: `me` is whom the token is of. */
  readonly mailbox: string;
  /** MIME, where it came as such. */
  readonly raw: string | null;
  /** Graph: the draft with its attachments. */
  readonly message: GraphDraft | null;
}

export interface GraphDraft {
  readonly [field: string]: unknown;
  readonly attachments: { readonly name: string; readonly bytes: Buffer; readonly [field: string]: unknown }[];
}

/** The next answer in place of the usual one. */
export interface Refusal {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only to requests whose path has it. */
  readonly at?: string;
}

export interface FakeMailApis {
  /** In place of `https://graph.microsoft.com` and `https://gmail.googleapis.com`. */
  readonly url: string;
  readonly mails: readonly ApiMail[];
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
  /** One a request, in order. */
  readonly refusals: Refusal[];
  /** Whose mailbox a token opens; undefined: 401. */
  accountOf: (token: string) => Promise<string | undefined> | string | undefined;
  close(): Promise<void>;
}

/** What the providers take in one request, bytes. */
const GRAPH_REQUEST = 4 * 1024 * 1024;
const GMAIL_REQUEST = 5 * 1024 * 1024;
const GMAIL_CHUNK = 256 * 1024;

interface Session {
  readonly take: (bytes: Buffer) => void;
  readonly parts: Buffer[];
  readonly size: number;
}

/** Graph's and Gmail's ways to send, over HTTPS, as their pages describe them. */
export async function startMailApis(): Promise<FakeMailApis> {
  const server = createServer({ cert: certificate('localhost.pem'), key: certificate('localhost-key.pem') });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  const apis = new Apis(url);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    apis.handle(request, response).catch((error: unknown) => {
      answer(response, 500, { error: { code: 'fake', message: String(error) } });
    });
  });
  return Object.assign(apis, {
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

class Apis {
  readonly mails: ApiMail[] = [];
  readonly requests: string[] = [];
  readonly refusals: Refusal[] = [];
  accountOf: FakeMailApis['accountOf'] = (token) => (token === 'good' ? 'box@example.org' : undefined);
  readonly #drafts = new Map<string, { mailbox: string; draft: GraphDraft }>();
  readonly #sessions = new Map<string, Session>();
  #count = 0;

  constructor(readonly url: string) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', this.url);
    const body = await bodyOf(request);
    this.requests.push(`${request.method ?? ''} ${path}`);
    const refusal = this.refusals[0];
    if (refusal !== undefined && path.includes(refusal.at ?? '')) {
      this.refusals.shift();
      answer(response, refusal.status, refusal.body, refusal.headers);
      return;
    }
    if (path.startsWith('/session/')) {
      this.#upload(path, request, body, response);
      return;
    }
    const account = await this.accountOf((request.headers.authorization ?? '').replace('Bearer ', ''));
    if (account === undefined) {
      const message = 'Access token has expired or is not yet valid.';
      answer(response, 401, { error: { code: 'InvalidAuthenticationToken', message } });
      return;
    }
    if (path.includes('/gmail/')) this.#gmail(account, path, searchParams, body, response);
    else this.#graph(account, path, request, body, response);
  }

  #gmail(mailbox: string, path: string, query: URLSearchParams, body: Buffer, response: ServerResponse): void {
    const take = (raw: Buffer): void => {
      this.mails.push({ api: 'gmail', mailbox, raw: raw.toString(), message: null });
    };
    if (path === '/upload/gmail/v1/users/me/messages/send' && query.get('uploadType') === 'resumable') {
      const location = this.#session(take, Infinity);
      answer(response, 200, undefined, { location });
      return;
    }
    if (path !== '/gmail/v1/users/me/messages/send' || body.length > GMAIL_REQUEST) {
      answer(response, path.endsWith('/send') ? 413 : 404);
      return;
    }
    const { raw } = JSON.parse(body.toString()) as { raw: string };
    if (raw === '') {
      answer(response, 400, { error: { code: 400, message: "'raw' RFC822 payload message string required" } });
      return;
    }
    take(Buffer.from(raw, 'base64url'));
    answer(response, 200, { id: `m${this.#count}`, threadId: 't' });
  }

  #graph(account: string, path: string, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const [, , owner = '', rest = ''] = /^\/v1\.0\/(me|users\/([^/]+))\/(.*)$/.exec(path) ?? [];
    const mailbox = owner === '' ? account : decodeURIComponent(owner);
    if (body.length > GRAPH_REQUEST) {
      answer(response, 413, { error: { code: 'RequestEntityTooLarge', message: 'too large' } });
      return;
    }
    if (rest === 'sendMail') {
      if (request.headers['content-type'] !== 'text/plain' || body.length === 0) {
        answer(response, 400, { error: { code: 'ErrorMimeContentInvalidBase64String', message: 'not MIME' } });
        return;
      }
      this.mails.push({ api: 'graph', mailbox, raw: Buffer.from(body.toString(), 'base64').toString(), message: null });
      answer(response, 202, undefined, { 'request-id': 'r-1' });
      return;
    }
    if (rest === 'messages') {
      const id = `draft-${(this.#count += 1)}`;
      this.#drafts.set(id, { mailbox, draft: { ...(JSON.parse(body.toString()) as object), attachments: [] } });
      answer(response, 201, { id });
      return;
    }
    this.#ofDraft(rest, request.method ?? '', body, response);
  }

  #ofDraft(rest: string, method: string, body: Buffer, response: ServerResponse): void {
    const [, id = '', action = ''] = /^messages\/([^/]+)\/?(.*)$/.exec(rest) ?? [];
    const known = this.#drafts.get(id);
    if (known === undefined) {
      answer(response, 404, { error: { code: 'ErrorItemNotFound', message: 'no such draft' } });
      return;
    }
    if (action === 'attachments/createUploadSession') {
      const { AttachmentItem: item } = JSON.parse(body.toString()) as {
        AttachmentItem: { name: string; size: number };
      };
      const keep = (bytes: Buffer): void => {
        known.draft.attachments.push({ ...item, bytes });
      };
      answer(response, 201, { uploadUrl: this.#session(keep, item.size), expirationDateTime: '2030-01-01T00:00:00Z' });
    } else if (action === 'attachments') {
      const given = JSON.parse(body.toString()) as { name: string; contentBytes: string };
      known.draft.attachments.push({ ...given, bytes: Buffer.from(given.contentBytes, 'base64') });
      answer(response, 201, { id: 'a' });
    } else if (action === 'send') {
      this.#drafts.delete(id);
      this.mails.push({ api: 'graph', mailbox: known.mailbox, raw: null, message: known.draft });
      answer(response, 202);
    } else if (method === 'DELETE') {
      this.#drafts.delete(id);
      answer(response, 204);
    } else answer(response, 404);
  }

  /** How many drafts lie about. */
  get drafts(): number {
    return this.#drafts.size;
  }

  #session(take: (bytes: Buffer) => void, size: number): string {
    const id = `/session/${(this.#count += 1)}`;
    this.#sessions.set(id, { take, parts: [], size });
    return this.url + id;
  }

  /** Pre-authenticated: a token that comes along is a token in the wrong place. */
  #upload(path: string, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const session = this.#sessions.get(path);
    const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(request.headers['content-range'] ?? '') ?? [];
    const have = session?.parts.reduce((sum, part) => sum + part.length, 0) ?? 0;
    const whole = Number(last) + 1 === Number(total);
    const fits =
      Number(first) === have &&
      Number(last) - Number(first) + 1 === body.length &&
      (session?.size === Infinity || body.length < GRAPH_REQUEST);
    const even = whole || session?.size !== Infinity || body.length % GMAIL_CHUNK === 0;
    if (session === undefined || !fits || !even || request.headers.authorization !== undefined) {
      answer(response, 400, { error: { code: 'InvalidRange', message: 'wrong range' } });
      return;
    }
    session.parts.push(body);
    const gmail = session.size === Infinity;
    if (!whole) {
      const range = { range: `bytes=0-${last ?? ''}` };
      answer(response, gmail ? 308 : 200, gmail ? undefined : { nextExpectedRanges: [] }, gmail ? range : {});
      return;
    }
    session.take(Buffer.concat(session.parts));
    this.#sessions.delete(path);
    answer(response, gmail ? 200 : 201, gmail ? { id: 'm' } : undefined);
  }
}

function answer(
  response: ServerResponse,
  status: number,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
