import { z } from 'zod';

/** What is the same for every problem of one code. */
export interface ProblemKind {
  readonly status: number;
  /** One plain sentence: what is wrong. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean;
}

/** Every problem that the HTTP API can answer with. A room that needs a new one adds it here. */
export const PROBLEMS = {
  'validation-failed': {
    status: 400,
    title: 'The request is not valid.',
    advice: 'Correct what "errors" names and send it again.',
    retryable: false,
  },
  'malformed-request': {
    status: 400,
    title: 'The request cannot be read.',
    advice: 'Send well-formed JSON with the header Content-Type: application/json.',
    retryable: false,
  },
  unauthenticated: {
    status: 401,
    title: 'Nobody is signed in.',
    advice: 'Sign in, or send a valid API token as "Authorization: Bearer sp_…".',
    retryable: false,
  },
  'sign-in-failed': {
    status: 401,
    title: 'The email address or the password is wrong.',
    advice:
      'Check both and try again. After too many failed attempts the account may be locked for an hour: then use the link in the mail that its owner got, or ask for a new password.',
    retryable: false,
  },
  forbidden: {
    status: 403,
    title: 'Your role does not allow this.',
    advice: 'Ask an administrator to do it, or to change your role.',
    retryable: false,
  },
  'missing-request-header': {
    status: 403,
    title: 'The header X-Requested-With is missing.',
    advice: 'Send "X-Requested-With: signalpost" with every change, or use an API token.',
    retryable: false,
  },
  'setup-refused': {
    status: 403,
    title: 'This setup link is not valid any more.',
    advice: 'Use the newest link in the log; a restart writes a new one while there is no system administrator.',
    retryable: false,
  },
  'not-found': {
    status: 404,
    title: 'There is nothing at this address.',
    advice: 'Check the address; what it named may have been deleted.',
    retryable: false,
  },
  'name-taken': {
    status: 409,
    title: 'Something else has this name already.',
    advice: 'Choose another name.',
    retryable: false,
  },
  'managed-by-file': {
    status: 409,
    title: 'The provisioning file manages this.',
    advice: 'Change it in the provisioning file and apply that, or remove it from the file to change it here.',
    retryable: false,
  },
  'last-administrator': {
    status: 409,
    title: 'This is the last administrator.',
    advice:
      'Make somebody else an administrator, and wait until that person has activated the account; then try again.',
    retryable: false,
  },
  'user-state': {
    status: 409,
    title: 'This does not fit the state that the user is in.',
    advice: 'Reload the list of users and do what "detail" says.',
    retryable: false,
  },
  'customer-in-use': {
    status: 409,
    title: 'This customer still has users or devices.',
    advice: 'Delete them or move them to another customer first.',
    retryable: false,
  },
  'limit-reached': {
    status: 409,
    title: 'The tenant has as many of these as it may have.',
    advice: 'Delete some that are not needed, or ask the system administrator for a higher limit.',
    retryable: false,
  },
  'not-confirmed': {
    status: 409,
    title: 'The name does not confirm what is to be deleted.',
    advice: 'Send the exact name of what is to be deleted as "confirm".',
    retryable: false,
  },
  'password-refused': {
    status: 400,
    title: 'This password is too easy to guess.',
    advice: 'Choose another one; several words that do not belong together are strong and easy to remember.',
    retryable: false,
  },
  'wrong-password': {
    status: 403,
    title: 'The current password is wrong.',
    advice: 'Enter the password that you sign in with, or sign out and reset it.',
    retryable: false,
  },
  'second-factor-failed': {
    status: 401,
    title: 'This code is not right.',
    advice: 'Enter the newest code; each works once. Check the clock of the phone, or choose another way.',
    retryable: false,
  },
  'sign-in-pending-expired': {
    status: 401,
    title: 'The sign-in took too long, or too many codes were wrong.',
    advice: 'Enter the address and the password again.',
    retryable: false,
  },
  'two-factor-required': {
    status: 409,
    title: 'Your role needs a second factor.',
    advice: 'Set up another way first, or ask an administrator to change the sign-in policy.',
    retryable: false,
  },
  'identity-provider-refused': {
    status: 409,
    title: 'The identity provider cannot be used like this.',
    advice: 'Do what "detail" says.',
    retryable: false,
  },
  'link-expired': {
    status: 410,
    title: 'This link has expired.',
    advice: 'Ask for a new one on this page, or ask an administrator.',
    retryable: false,
  },
  'link-invalid': {
    status: 410,
    title: 'This link is not valid.',
    advice:
      'It may have been used already: try to sign in. Otherwise copy the whole link from the newest mail, or ask an administrator for a new one.',
    retryable: false,
  },
  'token-scope': {
    status: 403,
    title: 'This API token may not do this.',
    advice: 'Use a token with the scope that "detail" names, or sign in.',
    retryable: false,
  },
  'session-needed': {
    status: 403,
    title: 'Only a person who is signed in can do this, no API token.',
    advice: 'Sign in with a browser.',
    retryable: false,
  },
  'rule-chain-file-refused': {
    status: 400,
    title: 'This is not a rule chain that can be imported.',
    advice: 'Correct what "errors" names, or export the chain from ThingsBoard again.',
    retryable: false,
  },
  'root-chain-kept': {
    status: 409,
    title: 'The root chain cannot be deleted: every message enters there.',
    advice: 'Make another chain the root first.',
    retryable: false,
  },
  'rule-chain-in-use': {
    status: 409,
    title: 'Other rule chains hand messages to this one.',
    advice: 'Change the rule chain nodes that name it first.',
    retryable: false,
  },
  'alarm-cleared': {
    status: 409,
    title: 'This alarm has cleared already.',
    advice: 'Mute it for a time instead, so that it stays quiet when it is raised anew.',
    retryable: false,
  },
  'not-your-comment': {
    status: 403,
    title: 'Only who wrote a comment can change it.',
    advice: 'Write a comment of your own; administrators of the tenant can delete this one.',
    retryable: false,
  },
  'delivery-state': {
    status: 409,
    title: 'This mail is in another state by now.',
    advice:
      'Reload the mail log; only waiting mails can be cancelled, and only those that were not accepted can be retried.',
    retryable: false,
  },
  'precondition-required': {
    status: 428,
    title: 'The header If-Match is missing.',
    advice: "Read it first and send its ETag as If-Match, so that nobody else's change is overwritten.",
    retryable: false,
  },
  'changed-meanwhile': {
    status: 412,
    title: 'Somebody else has changed this meanwhile.',
    advice: 'Load it again, look at what changed, and make your change to that.',
    retryable: false,
  },
  'mail-server-in-use': {
    status: 409,
    title: 'Rule chains or waiting mails use this mail server.',
    advice: 'Choose another mail server that takes over.',
    retryable: false,
  },
  'default-mail-server-needed': {
    status: 409,
    title: 'There must be one default mail server, and it must be active.',
    advice: 'Make another mail server the default one first.',
    retryable: false,
  },
  'mail-secret-in-use': {
    status: 409,
    title: 'Mail servers refer to this secret.',
    advice: 'Choose another secret in the settings that "detail" names first.',
    retryable: false,
  },
  'mail-connector-in-use': {
    status: 409,
    title: 'Mail servers reach out through this connector.',
    advice: 'Choose another connector in the settings that "detail" names first.',
    retryable: false,
  },
  'mail-server-unusable': {
    status: 409,
    title: 'The stored settings of this mail server cannot be used.',
    advice: 'Enter its secrets again and save it; the log says more.',
    retryable: false,
  },
  'oauth-refused': {
    status: 409,
    title: 'The sign-in at the mail provider did not work.',
    advice: 'Do what "detail" says.',
    retryable: false,
  },
  'oauth-application-in-use': {
    status: 409,
    title: 'Mail servers sign in with this OAuth application.',
    advice: 'Choose another application in their settings first.',
    retryable: false,
  },
  'mail-template-refused': {
    status: 400,
    title: 'This text cannot be used as a mail.',
    advice: 'Correct what "errors" names, by line and column, and save it again.',
    retryable: false,
  },
  'branding-refused': {
    status: 400,
    title: 'Mails cannot look like this.',
    advice: 'Correct what "errors" names.',
    retryable: false,
  },
  'audit-export-too-large': {
    status: 409,
    title: 'This is more than one file of the audit log takes (100,000 events).',
    advice: 'Choose a shorter time range, and export one range after the other.',
    retryable: false,
  },
  'payload-too-large': {
    status: 413,
    title: 'The request is too large.',
    advice: 'Send less at once.',
    retryable: false,
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The content type is not supported.',
    advice: 'Send JSON with the header Content-Type: application/json.',
    retryable: false,
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests.',
    advice: 'Wait as long as the header Retry-After says, in seconds.',
    retryable: true,
  },
  'unknown-device-token': {
    status: 401,
    title: 'No device has this access token.',
    advice: 'Check the token in the address; the device list gives a new one.',
    retryable: false,
  },
  'queue-full': {
    status: 503,
    title: 'Too many messages wait to be worked on.',
    advice: 'Send it again after the time that the header Retry-After says; nothing of this request was kept.',
    retryable: true,
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong inside Signalpost.',
    advice: 'Try again; if it stays, look up the request id in the log.',
    retryable: true,
  },
  unavailable: {
    status: 503,
    title: 'Signalpost cannot reach its database or is busy.',
    advice: 'Try again in a moment.',
    retryable: true,
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]; // keys of the literal above

/** One thing that is wrong in the request. */
export const problemErrorSchema = z
  .object({
    pointer: z
      .string()
      .meta({ description: 'JSON Pointer (RFC 6901) into the request body, or the name of a query parameter' }),
    message: z.string(),
    line: z.int().optional().meta({ description: 'In a text of several lines: where, from 1' }),
    column: z.int().optional().meta({ description: 'From 1' }),
  })
  .meta({ id: 'ProblemFieldError' });

export type ProblemFieldError = z.infer<typeof problemErrorSchema>;

/** Every answer of 4xx and 5xx, as application/problem+json (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'urn:signalpost:problem:<code>' }),
    code: z.enum(PROBLEM_CODES),
    status: z.int(),
    title: z.string(),
    detail: z.string().optional().meta({ description: 'What is special about this case' }),
    advice: z.string(),
    retryable: z.boolean(),
    errors: z.array(problemErrorSchema).optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

/** Media type of every problem. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
