import type { ApiTransport, DoctorStepName, TlsMode } from '@signalpost/contracts';

import type { SmtpReply } from './smtp-reply.js';

/** What the doctor sees for itself, where no reply or error of the system says it. */
export const DOCTOR_FACTS = [
  'not-smtp',
  'reply-too-long',
  'silent',
  'speaks-tls-at-once',
  'hung-up',
  'reply-timeout',
  'starttls-not-offered',
  'starttls-injection',
  'name-mismatch',
  'pin-mismatch',
  'auth-not-offered',
  'no-password-mechanism',
  'no-token-mechanism',
  'cleartext-refused',
  'login-prompts-unknown',
  'from-invalid',
  'took-too-long',
] as const;
export type DoctorFact = (typeof DOCTOR_FACTS)[number];

/** What is looked up in the table of causes. */
export interface Observation {
  readonly step: DoctorStepName;
  readonly fact?: DoctorFact;
  readonly reply?: SmtpReply;
  /** `code` of an error of Node or OpenSSL, and its message. */
  readonly error?: { readonly code: string; readonly message: string };
  /** The decoded JSON of a 334 challenge. */
  readonly challenge?: { readonly status: string; readonly scope: string };
  readonly context: ObservedContext;
}

export interface ObservedContext {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly auth: 'none' | 'basic' | 'oauth2';
  readonly username?: string;
  readonly from?: string;
  readonly apiTransport?: ApiTransport;
}

/** Thrown inside the doctor alone, and turned into a failed step there. */
export class DoctorStop extends Error {
  constructor(
    readonly seen: Pick<Observation, 'fact' | 'reply' | 'error' | 'challenge'>,
    readonly detail: string,
  ) {
    super(detail);
  }
}

export const stopAt = (fact: DoctorFact, detail: string): DoctorStop => new DoctorStop({ fact }, detail);
