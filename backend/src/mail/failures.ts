import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

interface FailureKind {
  /** What happened, as a plain sentence. */
  readonly title: string;
  /** What a person can do about it. */
  readonly advice: string;
  readonly retryable: boolean;
  /** `server`: says nothing about this mail; the server as a whole waits before it is tried again. */
  readonly concerns: 'mail' | 'server';
  /** Asking sooner helps nobody. */
  readonly leftAloneMs?: number;
}

/**
 * Everything that can keep a mail from being accepted. Causes and advice: RFC 5321 §4.2, RFC 3463, and what Microsoft and
 * Google document for their replies.
 */
export const MAIL_FAILURES = {
  // before anything is sent
  'address-invalid': {
    title: 'An address is not valid.',
    advice: 'Correct the address.',
    retryable: false,
    concerns: 'mail',
  },
  'address-placeholder': {
    title: 'A placeholder in an address was not replaced.',
    advice: 'Check that the message carries this value where "to email" looks for it.',
    retryable: false,
    concerns: 'mail',
  },
  'no-recipient': {
    title: 'The mail has no recipient.',
    advice: 'Fill in To, Cc or Bcc.',
    retryable: false,
    concerns: 'mail',
  },
  'too-many-recipients': {
    title: 'The mail has too many recipients.',
    advice: 'Use a distribution list.',
    retryable: false,
    concerns: 'mail',
  },
  'image-invalid': {
    title: 'An inline image cannot be read.',
    advice: 'Give it as base64 or as a data URI.',
    retryable: false,
    concerns: 'mail',
  },
  'signature-impossible': {
    title: 'The mail cannot be signed with the DKIM key of its mail server.',
    advice: 'Enter an RSA private key (PEM) in the settings of the mail server, or take DKIM out of them.',
    retryable: false,
    concerns: 'mail',
  },
  'no-mail-server': {
    title: 'There is no mail server to use.',
    advice: 'Add a mail server and make it the default one.',
    retryable: false,
    concerns: 'mail',
  },
  'mail-server-missing': {
    title: 'The mail server that the node names does not exist or is switched off.',
    advice: 'Choose another server in the node, or switch this one on.',
    retryable: false,
    concerns: 'mail',
  },
  'mail-server-unusable': {
    title: 'The settings of the mail server cannot be used.',
    advice: 'Save the mail server again.',
    retryable: false,
    concerns: 'mail',
  },
  'no-system-mail-server': {
    title: 'The system has no mail server to send its mails over.',
    advice: 'A system administrator adds one; until then the link can be shown instead.',
    retryable: false,
    concerns: 'mail',
  },
  'contents-lost': {
    title: 'What the mail was to say cannot be read any more.',
    advice: 'Ask for it again where it came from; the log says more.',
    retryable: false,
    concerns: 'mail',
  },
  'system-mail-quota': {
    title: "The tenant has sent as many mails over the system's mail server today as it may.",
    advice:
      "Use a mail server of the tenant, wait until midnight (UTC), or let the system administrator raise the tenant's limit.",
    retryable: false,
    concerns: 'mail',
  },
  'outbox-full': {
    title: 'Too many mails of this tenant wait for being sent.',
    advice: 'Wait until the outbox is shorter, or let the system administrator raise the limit.',
    retryable: true,
    concerns: 'mail',
  },
  cancelled: {
    title: 'The mail was cancelled.',
    advice: 'Retry it in the mail log if it is wanted after all.',
    retryable: false,
    concerns: 'mail',
  },
  'alarm-muted': {
    title: 'No mail was sent, because its alarm is muted.',
    advice: 'Unmute the alarm to get its next mails, or send this one again in the mail log.',
    retryable: false,
    concerns: 'mail',
  },
  expired: {
    title: 'The mail could not be sent in time and was given up.',
    advice: 'Look at its attempts in the mail log.',
    retryable: false,
    concerns: 'mail',
  },

  // reaching the server
  'host-not-found': {
    title: 'The name of the mail server has no address.',
    advice: 'Check the host name.',
    retryable: true,
    concerns: 'server',
  },
  'connection-refused': {
    title: 'The mail server does not accept connections.',
    advice: 'Check host and port; clouds often close port 25: try 587 or 465.',
    retryable: true,
    concerns: 'server',
  },
  'connection-timeout': {
    title: 'The mail server does not answer.',
    advice: 'Check host, port and firewall; clouds often close port 25: try 587 or 465.',
    retryable: true,
    concerns: 'server',
  },
  'egress-refused': {
    title: 'The mail server is in a network that is closed.',
    advice: 'Use a public server, or let the operator list the host in EGRESS_ALLOW.',
    retryable: false,
    concerns: 'mail',
  },
  'greeting-refused': {
    title: 'The mail server refuses to talk to us.',
    advice: 'Read its reply; it may block our address.',
    retryable: true,
    concerns: 'server',
  },
  'protocol-error': {
    title: 'What answers is not an SMTP server, or not with this TLS mode.',
    advice: 'Port 465 wants implicit TLS, port 587 STARTTLS.',
    retryable: true,
    concerns: 'server',
  },

  // TLS
  'tls-mode-wrong': {
    title: 'The mail server speaks another TLS mode.',
    advice: 'Choose implicit TLS for port 465 and STARTTLS for port 587.',
    retryable: false,
    concerns: 'mail',
  },
  'starttls-missing': {
    title: 'The mail server does not offer STARTTLS; nothing secret was sent.',
    advice: 'Choose implicit TLS (port 465), or ask the provider; do not switch TLS off.',
    retryable: false,
    concerns: 'mail',
  },
  'tls-certificate': {
    title: 'The certificate of the mail server cannot be trusted.',
    advice: 'Use the host name that the certificate names; do not switch the check off.',
    retryable: false,
    concerns: 'mail',
  },
  'tls-certificate-other': {
    title: 'The mail server shows another certificate than the one that is accepted.',
    advice: 'If it was renewed, accept the new one: the connection doctor shows its fingerprint.',
    retryable: false,
    concerns: 'mail',
  },
  'tls-failed': {
    title: 'The TLS connection could not be set up.',
    advice: 'If it stays so, check the TLS mode.',
    retryable: true,
    concerns: 'server',
  },
  'cleartext-credentials': {
    title: 'A password would travel without TLS.',
    advice: 'Choose STARTTLS or implicit TLS, or let the operator list the host in EGRESS_ALLOW.',
    retryable: false,
    concerns: 'mail',
  },

  // signing in
  'auth-refused': {
    title: 'The mail server refuses user name and password.',
    advice: 'Check both; with two-step sign-in an app password is needed, and Microsoft 365 asks for OAuth.',
    retryable: false,
    concerns: 'mail',
  },
  'auth-unavailable': {
    title: 'The mail server offers no sign-in that we know.',
    advice: 'Check the TLS mode: many servers offer sign-in only over TLS.',
    retryable: false,
    concerns: 'mail',
  },
  'auth-temporary': {
    title: 'The mail server cannot check the sign-in now.',
    advice: 'Nothing to do; it is tried again.',
    retryable: true,
    concerns: 'server',
  },
  'auth-required': {
    title: 'The mail server wants a sign-in.',
    advice: 'Set user name and password.',
    retryable: false,
    concerns: 'mail',
  },

  'no-access-token': {
    title: 'There is no access token to sign in with.',
    advice: 'Look at the page of the mail server; waiting mails leave by themselves when there is one again.',
    retryable: true,
    concerns: 'server',
  },
  'token-refused': {
    title: 'The mail server refuses the access token, even a fresh one.',
    advice: 'Run the connection doctor of the mail server: it names the setting or permission that is missing.',
    retryable: true,
    concerns: 'server',
    leftAloneMs: 30_000,
  },

  // an API in place of SMTP
  'api-forbidden': {
    title: 'The API of the provider does not let this application send.',
    advice: 'Grant it the permission to send mail and sign in again.',
    retryable: true,
    concerns: 'server',
    leftAloneMs: 60_000,
  },
  'large-mail-forbidden': {
    title: 'The API of the provider does not let this application send mails beyond 3 MB.',
    advice: 'Grant it Mail.ReadWrite besides Mail.Send and sign in again, or send smaller pictures.',
    retryable: false,
    concerns: 'mail',
  },
  'api-fault': {
    title: 'The API of the provider has a fault of its own.',
    advice: 'It is tried again; look at its status page if it stays so.',
    retryable: true,
    concerns: 'server',
  },
  'mailbox-unknown': {
    title: 'The API of the provider knows no such mailbox.',
    advice: 'Check the user name of the mail server, and that the mailbox has a licence.',
    retryable: false,
    concerns: 'mail',
  },
  'mailbox-full': {
    title: 'The mailbox that sends is full.',
    advice: 'Delete old mails there; sent ones are kept in it.',
    retryable: true,
    concerns: 'server',
    leftAloneMs: 15 * 60_000,
  },
  'sending-limit': {
    title: 'The mailbox has sent as much as its provider allows in a day.',
    advice: 'Waiting mails leave when the limit allows it; use a provider for bulk mail if this happens often.',
    retryable: true,
    concerns: 'server',
    leftAloneMs: 15 * 60_000,
  },
  'proxy-failed': {
    title: 'The connector does not open the way to the mail server.',
    advice: 'Check the connector of the mail server, or let its operator allow host and port.',
    retryable: true,
    concerns: 'server',
  },

  // the mail itself
  throttled: {
    title: 'The mail server takes no more at the moment.',
    advice: 'Lower the connections of this server if this stays so.',
    retryable: true,
    concerns: 'server',
  },
  'sender-refused': {
    title: 'The mail server refuses the sender.',
    advice: 'Set From to the mailbox that signs in, or get the right to send as it.',
    retryable: false,
    concerns: 'mail',
  },
  'recipient-refused': {
    title: 'The mail server refuses a recipient.',
    advice: 'Check the address.',
    retryable: false,
    concerns: 'mail',
  },
  'recipient-deferred': {
    title: 'The mail server puts a recipient off.',
    advice: 'Nothing to do; it is tried again.',
    retryable: true,
    concerns: 'mail',
  },
  'message-too-big': {
    title: 'The mail is larger than the server takes.',
    advice: 'Send smaller pictures.',
    retryable: false,
    concerns: 'mail',
  },
  'message-refused': {
    title: 'The mail server refuses the mail.',
    advice: 'Read its reply.',
    retryable: false,
    concerns: 'mail',
  },
  'message-deferred': {
    title: 'The mail server puts the mail off.',
    advice: 'Nothing to do; it is tried again.',
    retryable: true,
    concerns: 'mail',
  },
  'connection-lost': {
    title: 'The connection broke before the mail was handed over.',
    advice: 'Nothing to do; it is tried again.',
    retryable: true,
    concerns: 'mail',
  },
  'outcome-unknown': {
    title: 'The connection broke before the server answered; it may have the mail.',
    advice: 'Nothing to do; the same mail is sent again under the same Message-ID.',
    retryable: true,
    concerns: 'mail',
  },
  'sending-failed': {
    title: 'The mail could not be sent.',
    advice: 'If it stays so, look at the log of Signalpost.',
    retryable: true,
    concerns: 'mail',
  },
} as const satisfies Record<string, FailureKind>;

export type MailFailureCode = keyof typeof MAIL_FAILURES;

/** Why a mail was not taken. `message` is a sentence with the fix; `retryable` without anybody changing anything. */
export interface MailFailure extends NodeFailure {
  readonly code: MailFailureCode;
}

/** @param detail what is special about this case: the server's reply, the address */
export function mailFailure(code: MailFailureCode, detail?: string): MailFailure {
  const { title, advice, retryable } = MAIL_FAILURES[code];
  return { code, message: [title, ...(detail ? [detail] : []), advice].join(' '), retryable };
}

export const concernsServer = (failure: MailFailure): boolean => MAIL_FAILURES[failure.code].concerns === 'server';

/** How long a server is to be left alone at least after this. */
export function leftAloneMs(failure: MailFailure): number {
  const kind: FailureKind = MAIL_FAILURES[failure.code];
  return kind.leftAloneMs ?? 0;
}
