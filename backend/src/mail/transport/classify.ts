import { mailFailure, type MailFailure, type MailFailureCode } from '../failures.js';

/** How far a send had come: before MAIL FROM, before the first byte of the mail, after it. */
export type SendStage = 'connect' | 'envelope' | 'data';

/** What nodemailer's errors tell (its `errors.js`), and Node's below them. */
export interface SmtpError {
  readonly code: string;
  /** Of the system error that nodemailer wrapped. */
  readonly originalCode: string;
  readonly command: string;
  /** 0: there is none. */
  readonly responseCode: number;
  readonly reply: string | null;
  readonly message: string;
}

type Rule = (error: SmtpError, stage: SendStage) => MailFailureCode | undefined;

const permanent = ({ responseCode }: SmtpError): boolean => responseCode >= 500 && responseCode !== 503;
const replyHas = ({ reply }: SmtpError, rule: RegExp): boolean => reply !== null && rule.test(reply);
const isCode = ({ code, originalCode }: SmtpError, ...codes: string[]): boolean =>
  codes.includes(code) || codes.includes(originalCode);

/** Asked from the top; the first that knows decides. */
const RULES: readonly Rule[] = [
  (error) => (isCode(error, 'EGRESS_REFUSED') ? 'egress-refused' : undefined),
  (error) => (isCode(error, 'EPROXY') ? 'proxy-failed' : undefined),
  (error) => (isCode(error, 'ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'EDNS') ? 'host-not-found' : undefined),
  tlsRule,
  (error) => (error.responseCode === 421 || replyHas(error, /^4\d\d[ -](4\.3\.2|4\.7\.0)\b/) ? 'throttled' : undefined),
  authRule,
  (error, stage) => (stage === 'connect' ? connectRule(error) : undefined),
  (error) => (error.code === 'EENVELOPE' ? envelopeRule(error) : undefined),
  (error) => (error.code === 'EMESSAGE' ? messageRule(error) : undefined),
  (error, stage) => (isCode(error, 'ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EPROTOCOL') ? lostRule(stage) : undefined),
];

export function classify(error: SmtpError, stage: SendStage): MailFailure {
  for (const rule of RULES) {
    const code = rule(error, stage);
    if (code !== undefined) return mailFailure(code, error.reply === null ? undefined : `It says: ${error.reply}`);
  }
  return mailFailure('sending-failed', `(${error.code || error.message})`);
}

function tlsRule(error: SmtpError): MailFailureCode | undefined {
  if (isCode(error, 'ERR_TLS_CERT_PINNED')) return 'tls-certificate-other';
  if (/wrong version number|packet length too long|unknown protocol|record layer|http request/i.test(error.message))
    return 'tls-mode-wrong';
  const certificate = /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|INVALID_PURPOSE|HOSTNAME_MISMATCH)/.test(
    error.originalCode || error.code,
  );
  if (certificate || /certificate|altnames/i.test(error.message)) return 'tls-certificate';
  if (replyHas(error, /must issue (a )?starttls/i)) return 'tls-mode-wrong';
  if (error.command === 'STARTTLS' && permanent(error)) return 'starttls-missing';
  if (/^(ERR_SSL_|EPROTO$)/.test(error.originalCode || error.code)) return 'tls-failed';
  return error.code === 'ETLS' || error.command === 'STARTTLS' ? 'tls-failed' : undefined;
}

/** 500 to 504: the server does not know AUTH, or not this way; the others judge the credentials. */
function authRule(error: SmtpError): MailFailureCode | undefined {
  if (error.code !== 'EAUTH' && !error.command.startsWith('AUTH')) return undefined;
  if (error.responseCode === 0 || (error.responseCode >= 500 && error.responseCode <= 504)) return 'auth-unavailable';
  return permanent(error) ? 'auth-refused' : 'auth-temporary';
}

function connectRule(error: SmtpError): MailFailureCode {
  if (isCode(error, 'ETIMEDOUT')) return 'connection-timeout';
  if (error.responseCode > 0) return permanent(error) ? 'greeting-refused' : 'throttled';
  return error.code === 'EPROTOCOL' ? 'protocol-error' : 'connection-refused';
}

function envelopeRule(error: SmtpError): MailFailureCode {
  if (replyHas(error, /^5(30|35|38)|\b5\.7\.57\b/)) return 'auth-required';
  if (replyHas(error, /^552|\b5\.(3\.4|2\.3)\b/)) return 'message-too-big';
  if (error.command === 'RCPT TO') return permanent(error) ? 'recipient-refused' : 'recipient-deferred';
  if (error.command === 'MAIL FROM' && permanent(error)) return 'sender-refused';
  return permanent(error) ? 'message-refused' : 'message-deferred';
}

/** nodemailer compares with the SIZE that the server announced and then has no reply to tell. */
function messageRule(error: SmtpError): MailFailureCode {
  const tooBig = error.responseCode === 0 ? error.command === 'MAIL FROM' : replyHas(error, /^552|\b5\.(3\.4|2\.3)\b/);
  if (tooBig) return 'message-too-big';
  return permanent(error) ? 'message-refused' : 'message-deferred';
}

const lostRule = (stage: SendStage): MailFailureCode => (stage === 'data' ? 'outcome-unknown' : 'connection-lost');
