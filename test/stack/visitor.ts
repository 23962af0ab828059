/** An answer that was not 2xx; `problem` is its body (RFC 9457), as it came. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Readonly<Record<string, unknown>>,
    what: string,
  ) {
    super(`${what}: ${status} ${JSON.stringify(problem)}`);
  }
}

/** Speaks to the product as the user interface does: a cookie, and the header that writes need. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** @param token an API token, instead of a cookie */
  constructor(
    readonly url: string,
    private readonly token?: string,
  ) {}

  /** The raw answer, whatever it is. Text bodies go out as they are, everything else as JSON. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'X-Requested-With': 'signalpost',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.#cookies.size === 0 ? {} : { Cookie: [...this.#cookies.values()].join('; ') }),
        ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  /** RFC 6265 as far as we need it: a cookie replaces the one of its name, an empty one goes. */
  #keep(cookie: string): void {
    const pair = cookie.split(';', 1)[0] ?? '';
    const [name = '', value] = pair.split('=', 2);
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, pair);
  }

  /** `T` is what the test expects; it is looked at, not trusted. */
  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return this.#json<T>('GET', path);
  }

  async post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<T> {
    return this.#json<T>('POST', path, body);
  }

  async delete(path: string): Promise<void> {
    await this.#json('DELETE', path);
  }

  /** All pages of a list. */
  async list<T = Record<string, unknown>>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const joint = path.includes('?') ? '&' : '?';
      const page: Page<T> = await this.get<Page<T>>(cursor === '' ? path : `${path}${joint}cursor=${cursor}`);
      items.push(...page.items);
      cursor = page.nextCursor ?? null;
    }
    return items;
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Refused(response.status, parse(text), `${method} ${path}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | null;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
