import type { TestMailResult } from '@signalpost/contracts';

import type { Clock, Database } from '../../db/index.js';
import { composeMail, envelopeSender, messageIdOf } from '../compose/compose.js';
import type { MailFailure } from '../failures.js';
import { portOf } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { ComposedMail, SendResult } from '../transport/mail-transport.js';
import { makeTransport, type TransportNeeds } from '../transport/make-transport.js';
import { ARRIVED_PATH } from './arrival-pages.js';
import { explain, type Explanation } from './explain.js';
import { templateOf } from './template-of.js';
import type { TestMails } from './test-mails.js';
import { Transcript } from './transcript.js';

/** How long the connection may take to say good-bye. */
const CLOSE_GRACE_MS = 1_000;

export interface TestMailParts {
  readonly db: Database;
  readonly testMails: TestMails;
  readonly transports: TransportNeeds;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/** What is tried. */
export interface Tried {
  readonly route: MailRoute;
  readonly serverName: string;
  /** The settings are those of the server. */
  readonly saved: boolean;
}

/** Sends one mail over a server the way every mail goes, but at once, past the outbox, and listens in. */
export class TestMail {
  constructor(private readonly parts: TestMailParts) {}

  async send({ route, serverName, saved }: Tried, recipient: string): Promise<TestMailResult> {
    const { db, testMails, publicUrl, clock } = this.parts;
    const { tenantId, id: serverId } = route.server;
    const { id, token } = await testMails.begin(db, tenantId, saved ? serverId : null, recipient);
    const transcript = new Transcript();
    for (const secret of [...secretsOf(route), token]) transcript.hide(secret);
    const subject = `Test mail of Signalpost (${serverName})`;
    const draft = { to: recipient, subject, body: this.#body(serverName, token) };
    const mail = { tenantId, deliveryId: id, draft, date: clock.now() };
    const raw = await composeMail(mail, route, publicUrl);
    const sender = envelopeSender(tenantId, draft, route);
    const about = { id, messageId: messageIdOf(id, publicUrl), transcript };
    if ('code' in raw) return resultOf(about, notSent(raw), undefined);
    if ('code' in sender) return resultOf(about, notSent(sender), undefined);
    const envelope = { sender: sender.address, recipients: [recipient] };
    const sent = await this.#hand(route, transcript, { ...envelope, messageId: about.messageId, raw });
    return resultOf(about, sent, explainSending(route, sent));
  }

  async #hand(route: MailRoute, transcript: Transcript, mail: ComposedMail): Promise<SendResult> {
    const hiding = withHiddenTokens(route, transcript);
    const transport = makeTransport(hiding, this.parts.transports, (from, line) => transcript.add(from, line));
    try {
      return await transport.send(mail);
    } finally {
      await transport.close(CLOSE_GRACE_MS);
    }
  }

  #body(serverName: string, token: string): string {
    const { publicUrl } = this.parts;
    return (
      `This is a test mail over the mail server "${serverName}" of Signalpost at ${publicUrl}.\n\n` +
      `Please tell that you got it:\n${publicUrl}${ARRIVED_PATH}/${token}\n\n` +
      'It was sent because somebody pressed "Send test mail" there.\n'
    );
  }
}

const notSent = (failure: MailFailure): SendResult => ({ ok: false, failure, reply: null, refused: [] });

function secretsOf({ settings: { auth } }: MailRoute): string[] {
  return auth.kind === 'basic' ? [auth.password, `\0${auth.username}\0${auth.password}`] : [];
}

/** Every token that is asked for is kept out of what is written down. */
function withHiddenTokens(route: MailRoute, transcript: Transcript): MailRoute {
  const { token: tokens } = route;
  if (tokens === null) return route;
  const get: typeof tokens.get = async (options) => {
    const answer = await tokens.get(options);
    if (answer.ok) transcript.hide(answer.value.token);
    return answer;
  };
  return { ...route, token: { get, refused: tokens.refused.bind(tokens), accepted: tokens.accepted.bind(tokens) } };
}

function resultOf(
  { id, messageId, transcript }: { id: string; messageId: string; transcript: Transcript },
  sent: SendResult,
  explanation: Explanation | undefined,
): TestMailResult {
  return {
    id,
    accepted: sent.ok,
    reply: sent.reply,
    messageId,
    failure: sent.ok ? null : sent.failure,
    explanation: explanation ?? null,
    transcript: transcript.lines,
  };
}

const OF_SIGN_IN: readonly MailFailure['code'][] = [
  'auth-refused',
  'auth-unavailable',
  'auth-temporary',
  'token-refused',
];

/** By the reply alone: what has none is said by the failure itself, as is what an API says. */
function explainSending({ settings }: MailRoute, sent: SendResult): Explanation | undefined {
  const [, code, text = ''] = /^(\d{3})[ -]?(.*)$/s.exec(sent.ok ? '' : (sent.reply ?? '')) ?? [];
  if (code === undefined || sent.ok || settings.transport !== 'smtp') return undefined;
  const lines = [text.replaceAll(new RegExp(`\\s${code}[ -]`, 'g'), ' ')];
  const { host, tls, from, auth } = settings;
  const [apiTransport] = templateOf(settings)?.apiTransports ?? [];
  return explain({
    step: OF_SIGN_IN.includes(sent.failure.code) ? 'auth' : 'mail-from',
    reply: { code: Number(code), lines },
    context: {
      ...{ host, port: portOf(settings), tls, from, auth: auth.kind },
      ...(auth.kind === 'none' ? {} : { username: auth.username }),
      ...(apiTransport === undefined ? {} : { apiTransport }),
    },
  });
}
