import { EmailDraft } from '../../../language/email-draft.js';
import { SEND_EMAIL } from '../../../language/message-types.js';
import { parkIdOf } from '../../../language/park-id.js';
import type { RuleMessage } from '../../../language/rule-message.js';
import { FAILURE } from '../../../node/describe-node.js';
import { implementBatch } from '../../../node/implement-node.js';
import { ended, failed, parked, type Outcome } from '../../../node/outcome.js';
import type { MailCall, MailServerChoice, Result } from '../../../node/ports.js';
import { sendEmailNode, SUPPRESSED } from './send-email.descriptor.js';

type Enqueued = Result<{ readonly deliveryId: string }>;

export const sendEmailRun = implementBatch(sendEmailNode, (config, site) => {
  const waits = ['Success', SUPPRESSED, FAILURE].some((label) => site.isConnected(label));
  const server = config.server ?? serverOf(config.useSystemSmtpSettings);
  const callOf = (message: RuleMessage, draft: EmailDraft): MailCall => ({
    messageId: message.id,
    mailNumber: 0,
    server,
    draft,
    originator: message.originator,
    alarmId: message.alarmId ?? null,
    giveUpAfterSeconds: config.giveUpAfterSeconds,
    parkedId: waits ? parkIdOf(message.id, site.nodeId) : null,
  });
  return async (messages, { mail }) => {
    const asked = messages.map((message) => callOrFailure(message, callOf));
    const calls = asked.filter((each) => 'messageId' in each);
    const answers = (calls.length ? await mail.enqueue(calls) : [])[Symbol.iterator]();
    return messages.map((message, index) => {
      const each = asked[index];
      return each && 'kind' in each ? each : outcomeOf(message, answers.next().value, waits);
    });
  };
});

const serverOf = (useSystem: boolean): MailServerChoice => (useSystem ? { use: 'system' } : { use: 'tenant-default' });

function callOrFailure(
  message: RuleMessage,
  callOf: (message: RuleMessage, draft: EmailDraft) => MailCall,
): MailCall | Outcome {
  if (message.type !== SEND_EMAIL)
    return failed(message, 'message-type', `Not expected msg type ${message.type} for SendEmail Node`);
  const draft = EmailDraft.safeParse(message.data);
  if (!draft.success)
    return failed(message, 'message-data', 'The message holds no mail. Put a "to email" node before this one.');
  if (!draft.data.to?.trim())
    return failed(message, 'mail-no-recipient', `Email destination can not be blank [${draft.data.to ?? ''}]`);
  return callOf(message, draft.data);
}

function outcomeOf(message: RuleMessage, answer: Enqueued | undefined, waits: boolean): Outcome {
  if (!answer) return failed(message, 'mail-not-taken', 'The mail was not taken into the outbox.', true);
  if (!answer.ok) return { kind: 'failed', message, failure: answer.failure };
  return waits ? parked : ended;
}
