import type { TestMailResult } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import type { Clock } from '../../db/index.js';
import type { EgressGuard } from '../../net/index.js';
import { composeMail, messageIdOf } from '../compose/compose.js';
import { parseMailbox } from '../addresses.js';
import type { MailFailure } from '../failures.js';
import { portOf } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { SendResult } from '../transport/mail-transport.js';
import { SmtpTransport } from '../transport/smtp-transport.js';
import { explain, type Explanation } from './explain.js';
import { Transcript } from './transcript.js';

/** How long the connection may take to say good-bye. */
const CLOSE_GRACE_MS = 1_000;

/** Sends one mail over a server the way every mail goes, but at once, past the outbox, and listens in. */
export class TestMail {
  constructor(
    private readonly egress: EgressGuard,
    private readonly clock: Clock,
    private readonly publicUrl: string,
  ) {}

  async send(route: MailRoute, serverName: string, recipient: string): Promise<TestMailResult> {
    const deliveryId = uuidV7();
    const messageId = messageIdOf(deliveryId, this.publicUrl);
    const transcript = new Transcript();
    for (const secret of secretsOf(route)) transcript.hide(secret);
    const draft = { to: recipient, subject: `Test mail of Signalpost (${serverName})`, body: this.#body(serverName) };
    const mail = { tenantId: route.server.tenantId, deliveryId, draft, date: this.clock.now() };
    const raw = await composeMail(mail, route, this.publicUrl);
    const from = parseMailbox(route.settings.from);
    if ('code' in raw) return resultOf(messageId, transcript, notSent(raw), undefined);
    if (!from.ok) return resultOf(messageId, transcript, notSent(from.failure), undefined);
    const sent = await this.#hand(route, transcript, {
      sender: from.value.address,
      recipients: [recipient],
      messageId,
      raw,
    });
    return resultOf(messageId, transcript, sent, explainSending(route, sent));
  }

  async #hand(
    route: MailRoute,
    transcript: Transcript,
    mail: Parameters<SmtpTransport['send']>[0],
  ): Promise<SendResult> {
    const transport = new SmtpTransport(route, this.egress, (from, line) => transcript.add(from, line));
    try {
      return await transport.send(mail);
    } finally {
      await transport.close(CLOSE_GRACE_MS);
    }
  }

  #body(serverName: string): string {
    return (
      `This is a test mail over the mail server "${serverName}" of Signalpost at ${this.publicUrl}.\n\n` +
      'It was sent because somebody pressed "Send test mail" there. That you read it shows that mails arrive.\n'
    );
  }
}

const notSent = (failure: MailFailure): SendResult => ({ ok: false, failure, reply: null, refused: [] });

function secretsOf({ settings: { auth } }: MailRoute): string[] {
  return auth.kind === 'basic' ? [auth.password, `\0${auth.username}\0${auth.password}`] : [];
}

function resultOf(
  messageId: string,
  transcript: Transcript,
  sent: SendResult,
  explanation: Explanation | undefined,
): TestMailResult {
  return {
    accepted: sent.ok,
    reply: sent.reply,
    messageId,
    failure: sent.ok ? null : sent.failure,
    explanation: explanation ?? null,
    transcript: transcript.lines,
  };
}

/** By the reply alone: what has none is said by the failure itself. */
function explainSending({ settings: smtp }: MailRoute, sent: SendResult): Explanation | undefined {
  const [, code, text = ''] = /^(\d{3})[ -]?(.*)$/s.exec(sent.ok ? '' : (sent.reply ?? '')) ?? [];
  if (code === undefined || sent.ok) return undefined;
  const lines = [text.replaceAll(new RegExp(`\\s${code}[ -]`, 'g'), ' ')];
  return explain({
    step: sent.failure.code.startsWith('auth-') ? 'auth' : 'mail-from',
    reply: { code: Number(code), lines },
    context: {
      host: smtp.host,
      port: portOf(smtp),
      tls: smtp.tls,
      from: smtp.from,
      auth: smtp.auth.kind,
      ...(smtp.auth.kind === 'none' ? {} : { username: smtp.auth.username }),
    },
  });
}
