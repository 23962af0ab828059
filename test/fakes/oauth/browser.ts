import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';

const MOST_STEPS = 20;

/** Follows redirects with a cookie jar, as far as a test lets it. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly ca: string) {}

  /** @returns the first address that `isEnd` names; it is not fetched */
  async follow(start: string, isEnd: (url: URL) => boolean): Promise<URL> {
    let url = new URL(start);
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (isEnd(url)) return url;
      const answer = await this.#get(url);
      const { location } = answer.headers;
      if (location === undefined)
        throw new Error(`${url.href} answered ${answer.statusCode ?? 0}: ${await textOf(answer)}`);
      answer.resume();
      url = new URL(location, url);
    }
    throw new Error(`Still on the way after ${MOST_STEPS} redirects`);
  }

  #get(url: URL): Promise<IncomingMessage> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Promise((resolve, reject) => {
      get(url, { ca: this.ca, headers: { cookie }, agent: false }, (answer) => {
        for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
        resolve(answer);
      }).once('error', reject);
    });
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString().slice(0, 500);
}
