import type { MailFailureCode } from '../../failures.js';

/** What an API says when it refuses. */
export interface ApiError {
  readonly status: number;
  /** Its own word for it, such as `ErrorSendAsDenied` or `rateLimitExceeded`. */
  readonly code: string;
  readonly message: string;
}

export interface ApiRule {
  readonly status?: number;
  readonly code?: RegExp;
  readonly message?: RegExp;
  readonly means: MailFailureCode;
}

/** The particular before the general; then what every HTTP API says with its status (RFC 9110 §15). */
export function classifyAnswer(error: ApiError, rules: readonly ApiRule[]): MailFailureCode {
  const found = [...rules, ...COMMON].find(
    ({ status = error.status, code = /(?:)/, message = /(?:)/ }) =>
      status === error.status && code.test(error.code) && message.test(error.message),
  );
  if (found !== undefined) return found.means;
  return error.status >= 500 ? 'api-fault' : 'message-refused';
}

const COMMON: readonly ApiRule[] = [
  { status: 401, means: 'token-refused' },
  { status: 403, means: 'api-forbidden' },
  { status: 404, means: 'mailbox-unknown' },
  { status: 408, means: 'message-deferred' },
  { status: 409, means: 'message-deferred' },
  { status: 413, means: 'message-too-big' },
  { status: 429, means: 'throttled' },
  { status: 507, means: 'mailbox-full' },
];

/** learn.microsoft.com/graph/errors and Exchange's response codes. */
export const GRAPH_RULES: readonly ApiRule[] = [
  { code: /^(ErrorSendAsDenied|ErrorSenderNotAllowed|ErrorSendOnBehalf)/i, means: 'sender-refused' },
  { message: /SendAsDenied|5\.7\.60|5\.2\.252/i, means: 'sender-refused' },
  { code: /^ErrorInvalidRecipients$/i, means: 'recipient-refused' },
  { code: /^ErrorMessageSizeExceeded$|^RequestEntityTooLarge$/i, means: 'message-too-big' },
  {
    code: /^(ErrorInvalidUser|MailboxNotEnabledForRESTAPI|MailboxNotSupportedForRESTAPI|ErrorNonExistentMailbox)$/i,
    means: 'mailbox-unknown',
  },
  {
    code: /^(ErrorExceededMessageLimit|ErrorMessageSubmissionBlocked|ErrorSubmissionQuotaExceeded)$/i,
    means: 'sending-limit',
  },
  { code: /^ErrorQuotaExceeded$/i, means: 'mailbox-full' },
  { code: /^(ErrorServerBusy|ApplicationThrottled|TooManyRequests|MailboxConcurrency)/i, means: 'throttled' },
  { code: /^(ErrorAccessDenied|AccessDenied|Authorization_RequestDenied)$/i, means: 'api-forbidden' },
];

/** developers.google.com/workspace/gmail/api/guides/handle-errors. */
export const GMAIL_RULES: readonly ApiRule[] = [
  { code: /^(dailyLimitExceeded|quotaExceeded)$/, means: 'sending-limit' },
  { message: /daily (user )?sending|sending limit/i, means: 'sending-limit' },
  { code: /^(userRateLimitExceeded|rateLimitExceeded|RESOURCE_EXHAUSTED)$/, means: 'throttled' },
  {
    code: /^(insufficientPermissions|accessNotConfigured|domainPolicy|forbidden|PERMISSION_DENIED)$/,
    means: 'api-forbidden',
  },
  { code: /^(delegationDenied)$/, means: 'sender-refused' },
  { message: /Mail service not enabled|failedPrecondition/i, means: 'mailbox-unknown' },
  { message: /Invalid (To|Cc|Bcc) header|Recipient address required/i, means: 'recipient-refused' },
  { message: /too large/i, means: 'message-too-big' },
];
