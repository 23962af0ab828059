import type { DoctorOffer, DoctorRetry } from '@signalpost/contracts';

import type { Cause, CauseRule } from './causes/cause.js';
import { CONNECTION_CAUSES } from './causes/connection.js';
import { GOOGLE_CAUSES } from './causes/google.js';
import { MICROSOFT_CAUSES } from './causes/microsoft.js';
import { PROVIDER_CAUSES } from './causes/providers.js';
import { SMTP_CAUSES } from './causes/smtp.js';
import type { Observation } from './observation.js';
import { replyText } from './smtp-reply.js';

/** The one table of causes, asked from the top: the first entry that fits explains. */
export const CAUSES: readonly Cause[] = [
  ...CONNECTION_CAUSES.filter(({ when }) => when.error !== undefined || when.fact !== undefined),
  ...SMTP_CAUSES.filter(({ when }) => when.challenge === true),
  ...PROVIDER_CAUSES,
  ...MICROSOFT_CAUSES,
  ...GOOGLE_CAUSES,
  ...CONNECTION_CAUSES.filter(({ when }) => when.error === undefined && when.fact === undefined),
  ...SMTP_CAUSES.filter(({ when }) => when.challenge !== true),
];

/** What the table says about a failure, fit to be shown. */
export interface Explanation {
  readonly code: string;
  readonly cause: string;
  readonly fix: string;
  readonly retry: DoctorRetry;
  readonly offer?: DoctorOffer;
}

const UNKNOWN = {
  code: 'unknown',
  cause: 'The cause is not known.',
  fix: 'Read what the server says in the transcript, and ask the provider with it.',
  retry: 'yes',
} as const satisfies Explanation;

export function explain(seen: Observation): Explanation {
  const found = CAUSES.find(({ when }) => fits(when, seen));
  if (found === undefined) return UNKNOWN;
  const { code, cause, fix, retry } = found;
  const offer = found.offer?.(seen.context);
  return { code, cause, fix, retry, ...(offer === undefined ? {} : { offer }) };
}

function fits(when: CauseRule, { step, reply, error, fact, challenge, context }: Observation): boolean {
  return (
    (when.step?.includes(step) ?? true) &&
    (when.reply === undefined || (reply !== undefined && when.reply.test(replyText(reply)))) &&
    (when.error === undefined || (error !== undefined && when.error.test(`${error.code} ${error.message}`))) &&
    (when.fact === undefined || when.fact === fact) &&
    (when.challenge === undefined || challenge !== undefined) &&
    (when.tls?.includes(context.tls) ?? true) &&
    (when.auth?.includes(context.auth) ?? true) &&
    (when.host?.test(context.host) ?? true)
  );
}
