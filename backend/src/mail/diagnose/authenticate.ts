import type { AuthFacts } from '@signalpost/contracts';

import type { DoctorAuth, DoctorTarget, TokenFailure } from './doctor-target.js';
import { DoctorStop, stopAt } from './observation.js';
import {
  END_OF_EXCHANGE,
  loginResponse,
  oauthBearerResponse,
  plainResponse,
  readChallenge,
  xoauth2Response,
  type TokenMechanism,
} from '../sasl.js';
import type { SmtpDialogue } from './smtp-dialogue.js';
import { replyText, type SmtpReply } from './smtp-reply.js';
import { tokenFacts } from './token-facts.js';
import type { Transcript } from './transcript.js';

/** There is no access token to try; what to do is the token service's word. */
export class NoTokenError extends Error {
  constructor(readonly failure: TokenFailure) {
    super(failure.message);
  }
}

type Basic = Extract<DoctorAuth, { kind: 'basic' }>;
type OAuth2 = Extract<DoctorAuth, { kind: 'oauth2' }>;
type Challenge = { readonly status: string; readonly scope: string };
interface Refused {
  readonly reply: SmtpReply;
  readonly challenge?: Challenge;
}

const HIDDEN = '(hidden)';
const TOKEN_MECHANISMS: readonly TokenMechanism[] = ['XOAUTH2', 'OAUTHBEARER'];

/** The one that mails are sent with was refused, and another one of the list was taken. */
export function otherUsername(auth: DoctorAuth, { username }: AuthFacts) {
  const [wanted] = auth.kind === 'oauth2' ? auth.usernames : [];
  if (wanted === undefined || username === null || username === wanted) return undefined;
  return {
    state: 'warning' as const,
    code: 'other-username',
    cause: `The server takes the token for ${username}, and not for ${wanted}, with which mails are sent.`,
    fix: `Set the user name to ${username}, or have the right to ${wanted} granted to it.`,
    retry: 'no' as const,
    offer: { kind: 'set-username' as const, username },
  };
}

/** Signs in the way the target says. Facts are kept up to date for the report, also when it throws. */
export class Authentication {
  facts: AuthFacts;

  constructor(
    private readonly target: DoctorTarget,
    private readonly dialogue: SmtpDialogue,
    private readonly transcript: Transcript,
    private readonly offered: readonly string[],
  ) {
    this.facts = { mechanism: null, offered: [...offered], username: null, token: null };
  }

  /** @returns one sentence about what worked. @throws DoctorStop, NoTokenError */
  async run(): Promise<string> {
    const { auth } = this.target;
    if (auth.kind === 'none') return 'No sign-in is set.';
    if (this.offered.length === 0) throw stopAt('auth-not-offered', 'The server offers no AUTH.');
    await (auth.kind === 'basic' ? this.#byPassword(auth) : this.#byToken(auth));
    return `Signed in as ${this.facts.username ?? ''} with ${this.facts.mechanism ?? ''}.`;
  }

  async #byPassword({ username, password }: Basic): Promise<void> {
    const mechanism = ['PLAIN', 'LOGIN'].find((name) => this.offered.includes(name));
    if (mechanism === undefined) throw stopAt('no-password-mechanism', `Offered: ${this.offered.join(', ')}.`);
    for (const secret of [password, `\0${username}\0${password}`]) this.transcript.hide(secret);
    this.facts = { ...this.facts, mechanism, username };
    const reply = mechanism === 'PLAIN' ? await this.#plain(username, password) : await this.#login(username, password);
    if (reply.code !== 235) throw this.#refusal({ reply });
  }

  #plain(username: string, password: string): Promise<SmtpReply> {
    return this.#say(`AUTH PLAIN ${plainResponse(username, password)}`, `AUTH PLAIN ${HIDDEN}`);
  }

  async #login(username: string, password: string): Promise<SmtpReply> {
    const first = await this.#say('AUTH LOGIN', 'AUTH LOGIN');
    if (first.code !== 334) return first;
    const second = await this.#say(loginResponse(username), HIDDEN);
    if (second.code !== 334) return second;
    if (!/pass/i.test(Buffer.from(second.lines[0] ?? '', 'base64').toString('latin1'))) {
      await this.#say('*', '*');
      throw stopAt('login-prompts-unknown', 'The server did not ask for the password.');
    }
    return this.#say(loginResponse(password), HIDDEN);
  }

  /** Each user name in turn, then all of them once more with a fresh token: a refused one may be stale. */
  async #byToken(auth: OAuth2): Promise<void> {
    const mechanism = TOKEN_MECHANISMS.find((name) => this.offered.includes(name));
    if (mechanism === undefined) throw stopAt('no-token-mechanism', `Offered: ${this.offered.join(', ')}.`);
    let refused: Refused | undefined;
    for (const force of [false, true]) {
      const token = await this.#token(auth, force);
      for (const username of auth.usernames) {
        this.facts = { ...this.facts, mechanism, username };
        refused = await this.#tryToken(mechanism, username, token);
        if (refused === undefined) return;
        if (refused.reply.code < 500) throw this.#refusal(refused);
      }
      if (!force) this.transcript.add('note', 'Refused; once more with a fresh access token.');
    }
    if (refused !== undefined) throw this.#refusal(refused);
  }

  async #token(auth: OAuth2, force: boolean): Promise<string> {
    const answer = await auth.token({ force });
    if (!answer.ok) throw new NoTokenError(answer.failure);
    const { token, expiresAt } = answer.value;
    this.transcript.hide(token);
    this.facts = { ...this.facts, token: tokenFacts(token, expiresAt) };
    return token;
  }

  async #tryToken(mechanism: TokenMechanism, username: string, token: string): Promise<Refused | undefined> {
    const response =
      mechanism === 'XOAUTH2' ? xoauth2Response(username, token) : oauthBearerResponse(username, token, this.target);
    this.transcript.hide(Buffer.from(response, 'base64').toString());
    const reply = await this.#say(`AUTH ${mechanism} ${response}`, `AUTH ${mechanism} ${HIDDEN} (as ${username})`);
    if (reply.code === 235) return undefined;
    if (reply.code !== 334) return { reply };
    const challenge = readChallenge(reply.lines[0] ?? '');
    this.transcript.add(
      'note',
      `The challenge says: status ${challenge.status || '?'}, scope ${challenge.scope || '?'}`,
    );
    return { reply: await this.#say(END_OF_EXCHANGE[mechanism], '(end of exchange)'), challenge };
  }

  #say(line: string, shown: string): Promise<SmtpReply> {
    return this.dialogue.command(line, this.target.timeouts.replyMs, shown);
  }

  #refusal({ reply, challenge }: Refused): DoctorStop {
    const said = `The server says: ${this.transcript.clean(replyText(reply))}`;
    return new DoctorStop({ reply, ...(challenge === undefined ? {} : { challenge }) }, said);
  }
}
