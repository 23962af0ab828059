/** G10: what signing in with an access token costs beside a password, over the same TLS in one run. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';

import { mails, warmUp, type Figures, type Sizes } from './cases.ts';
import { POOL, startProduct } from './contestants.ts';
import type { BenchPostgres } from './postgres.ts';
import type { Report } from './report.ts';
import { Sink } from './sink.ts';

const CA_FILE = fileURLToPath(new URL('../../backend/src/mail/transport/fixtures/ca.pem', import.meta.url));
/** As long as Microsoft's. */
const TOKEN_BYTES = 1_500;

/** Answers every request with a token of its own; an hour good. */
class TokenEndpoint {
  #asked = 0;
  readonly #server: Server = createServer((_request, response) => {
    this.#asked++;
    const answer = {
      access_token: randomBytes(TOKEN_BYTES).toString('base64url'),
      token_type: 'Bearer',
      expires_in: 3600,
    };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });

  get asked(): number {
    return this.#asked;
  }

  start(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/token`);
      });
    });
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const USER = 'box@example.org';
const CASES: readonly (readonly [title: string, mailsPerConnection: number])[] = [
  ['S1 each message a mail over TLS, by access token and by password, connections kept', 1_000_000],
  ['S2 the same, 10 mails a connection', 10],
];

/** @param rounds the order turns from one to the next */
export async function signIn(postgres: BenchPostgres, sizes: Sizes, rounds: number, report: Report): Promise<void> {
  const [sink, tokens] = [await Sink.start({ tls: true }), new TokenEndpoint()];
  const tokenUrl = await tokens.start();
  const oauth = {
    kind: 'oauth2',
    flow: 'clientCredentials',
    username: USER,
    tokenUrl,
    clientId: 'bench',
    clientSecret: 'bench',
    scopes: ['smtp.send'],
  };
  const ways = [
    ['Signalpost', oauth],
    ['Signalpost by password', { kind: 'basic', username: USER, password: 'bench' }],
  ] as const;
  const once = async (auth: object, maxMessagesPerConnection: number): Promise<Figures> => {
    const mailServer = {
      host: 'localhost',
      port: sink.port,
      tls: 'implicit',
      maxConnections: POOL,
      auth,
      maxMessagesPerConnection,
    };
    const start = startProduct([], { mailServer, env: { NODE_EXTRA_CA_CERTS: CA_FILE } });
    const contestant = await start(await postgres.createDatabase(), sink.port);
    try {
      await warmUp({ contestant, sink, postgres });
      return await mails({ contestant, sink, postgres }, sizes);
    } finally {
      await contestant.stop();
      await sink.take();
    }
  };
  try {
    for (let round = 0; round < rounds; round++)
      for (const [title, each] of CASES)
        for (const [name, auth] of round % 2 === 0 ? ways : ways.toReversed()) {
          const before = tokens.asked;
          const figures = await once(auth, each);
          report.add(title, name, { ...figures, 'token requests': tokens.asked - before });
        }
  } finally {
    tokens.stop();
    sink.stop();
  }
}
