import type { ApiTransport, TlsMode } from '@signalpost/contracts';

import type { EgressGuard } from '../../net/index.js';
import type { NotSent } from '../transport/mail-transport.js';

/** Why there is no access token: `message` is a sentence, `advice` what to do. */
export interface TokenFailure {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  readonly retryable: boolean;
}

export type TokenAnswer =
  | { readonly ok: true; readonly value: { readonly token: string; readonly expiresAt: number } }
  | { readonly ok: false; readonly failure: TokenFailure };

/** @param options `force`: a fresh one, even if the last seems to be good */
export type TokenProvider = (options: { readonly force: boolean }) => Promise<TokenAnswer>;

export type DoctorAuth =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'basic';
      readonly username: string;
      readonly password: string;
      readonly apiTransport?: ApiTransport;
    }
  | {
      readonly kind: 'oauth2';
      /** Tried in turn: the mailbox, and for a shared mailbox the person who signed in. At least one. */
      readonly usernames: readonly string[];
      readonly token: TokenProvider;
      /** The HTTP API that the provider offers instead of SMTP. */
      readonly apiTransport?: ApiTransport;
    };

/** How the server's certificate is judged. */
export interface DoctorTrust {
  /** Default: 1.2 (RFC 8314 §4.1). */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** PEM of the CAs that are trusted in place of Node's. */
  readonly ca?: readonly string[];
  /** SHA-256 of the one certificate that is trusted whoever signed it, as hex with or without colons. */
  readonly pinnedFingerprint256?: string;
  /** Default: true. */
  readonly checkIdentity?: boolean;
  /** PEM. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
}

export interface DoctorTimeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  readonly replyMs: number;
}

/** An API in the place of SMTP. */
export interface ApiTarget {
  /** Of the API: the doctor shows what it is for. */
  readonly token: () => Promise<TokenAnswer>;
  /** Whether it lets this application send; undefined: it does. */
  readonly probe: (onLine: (from: 'client' | 'server', line: string) => void) => Promise<NotSent | undefined>;
}

/** Everything the doctor needs to know of a server, saved or not, its secrets in hand. Never logged. */
export interface DoctorTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly trust?: DoctorTrust;
  readonly ehloName: string;
  readonly auth: DoctorAuth;
  /** Credentials may go to this host without TLS: loopback, listed by the operator, or the sandbox. */
  readonly mayUseCleartext: boolean;
  /** MAIL FROM: a plain address. */
  readonly from: string;
  /** Named to the server and taken back: a plain address. */
  readonly recipient?: string;
  readonly dkimSelector?: string;
  /** The sandbox speaks for nobody: its From domain has no records. */
  readonly skipDnsRecords?: boolean;
  readonly timeouts: DoctorTimeouts;
  /** Mails go over an API at this host and port, not over SMTP. */
  readonly api?: ApiTarget;
  /** Looks up, checks, dials. */
  readonly egress: Pick<EgressGuard, 'admit'>;
}
