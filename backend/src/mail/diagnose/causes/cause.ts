import type { DoctorOffer, DoctorRetry, DoctorStepName, TlsMode } from '@signalpost/contracts';

import type { DoctorFact, Observation, ObservedContext } from '../observation.js';

/** All that is given must fit. */
export interface CauseRule {
  readonly step?: readonly DoctorStepName[];
  /** Against the reply as one line: `535 5.7.139 Authentication unsuccessful, …`. */
  readonly reply?: RegExp;
  /** Against `CODE message` of a system or TLS error. */
  readonly error?: RegExp;
  readonly fact?: DoctorFact;
  readonly challenge?: true;
  readonly tls?: readonly TlsMode[];
  readonly auth?: readonly ObservedContext['auth'][];
  readonly host?: RegExp;
}

/** A case that must lead to its entry. */
export interface CauseExample {
  readonly step: DoctorStepName;
  /** As it comes over the wire, lines separated by `\n`. */
  readonly reply?: string;
  readonly error?: NonNullable<Observation['error']>;
  readonly fact?: DoctorFact;
  readonly challenge?: NonNullable<Observation['challenge']>;
  readonly context?: Partial<ObservedContext>;
}

export interface Cause {
  /** Stable: the user interface and the documentation may name it. */
  readonly code: string;
  readonly when: CauseRule;
  /** Why, in plain words. */
  readonly cause: string;
  /** What to do, the best first. */
  readonly fix: string;
  readonly retry: DoctorRetry;
  readonly offer?: (context: ObservedContext) => DoctorOffer | undefined;
  readonly examples: readonly [CauseExample, ...CauseExample[]];
}

type Context = Partial<ObservedContext>;
export const onAuth = (reply: string, context: Context = {}): CauseExample => ({ step: 'auth', reply, context });
export const onMail = (reply: string, context: Context = {}): CauseExample => ({ step: 'mail-from', reply, context });
export const raised = (step: DoctorStepName, code: string, message = '', context: Context = {}): CauseExample => ({
  step,
  error: { code, message },
  context,
});
export const saw = (step: DoctorStepName, fact: DoctorFact, context: Context = {}): CauseExample => ({
  step,
  fact,
  context,
});

/** To an HTTP API of the provider where there is one. */
export const switchTransport = ({ apiTransport }: ObservedContext): DoctorOffer | undefined =>
  apiTransport && { kind: 'switch-transport', transport: apiTransport };
export const useOAuth = ({ auth }: ObservedContext): DoctorOffer | undefined =>
  auth === 'basic' ? { kind: 'use-oauth2' } : undefined;
export const switchTransportOrOAuth = (context: ObservedContext): DoctorOffer | undefined =>
  switchTransport(context) ?? useOAuth(context);
export const setTls =
  (tls: TlsMode) =>
  ({ port }: ObservedContext): DoctorOffer => ({ kind: 'set-tls', tls, port });
/** The mailbox that signs in, if the user name is one. */
export const fromAsUser = ({ username }: ObservedContext): DoctorOffer | undefined =>
  username?.includes('@') === true ? { kind: 'set-from', from: username } : undefined;
