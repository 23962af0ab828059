import type { DoctorStep, DoctorStepName } from '@signalpost/contracts';

import { MAIL_FAILURES, type MailFailure } from '../failures.js';
import { NoTokenError } from './authenticate.js';
import type { DoctorTarget } from './doctor-target.js';
import { explain, type Explanation } from './explain.js';
import { DoctorStop, type Observation, type ObservedContext } from './observation.js';
import type { Transcript } from './transcript.js';

type StepOf<Step extends DoctorStepName> = Extract<DoctorStep, { step: Step }>;
/** What a step may say besides how it ended. */
export type StepFacts<Step extends DoctorStepName> = Omit<StepOf<Step>, 'step' | 'state' | 'ms' | 'detail'>;
export type StepOutcome<Step extends DoctorStepName> = StepFacts<Step> & {
  readonly detail: string;
  readonly state?: 'warning' | 'skipped';
};

/** Thrown when a step has failed, and the rest is not to be tried. */
class Stopped extends Error {}

/** For a step after which nothing follows. */
export function ignoreStopped(error: unknown): void {
  if (!(error instanceof Stopped)) throw error;
}

/** An API refused; what its word means is known already. */
export class ApiRefusedError extends Error {
  constructor(
    readonly failure: MailFailure,
    readonly reply: string,
  ) {
    super(failure.message);
  }
}

interface StepLogNeeds {
  readonly target: DoctorTarget;
  readonly transcript: Transcript;
  readonly signal: AbortSignal;
  readonly onStep: (step: DoctorStep) => void;
}

/** Runs steps, measures them, explains why one failed, and tells each as it ends. */
export class StepLog {
  readonly steps: DoctorStep[] = [];
  readonly #context: ObservedContext;

  constructor(private readonly needs: StepLogNeeds) {
    this.#context = contextOf(needs.target);
  }

  /**
   * @param factsOnFailure what is known although the step failed
   * @throws Stopped when it failed
   */
  async step<Step extends DoctorStepName>(
    step: Step,
    work: () => Promise<StepOutcome<Step>>,
    factsOnFailure: () => Partial<StepFacts<Step>> = () => ({}),
  ): Promise<void> {
    const begin = performance.now();
    const ms = (): number => Math.round(performance.now() - begin);
    try {
      const { detail, state = 'ok', ...facts } = await work();
      this.tell({ step, state, ms: ms(), detail, ...facts });
    } catch (error) {
      this.tell({ step, state: 'failed', ms: ms(), ...this.#explain(step, error), ...factsOnFailure() });
      throw new Stopped();
    }
  }

  tell(step: Pick<DoctorStep, 'step' | 'state' | 'ms' | 'detail'>): void {
    const whole = step as DoctorStep; // `StepFacts` are of the step that stands beside them
    this.steps.push(whole);
    this.needs.onStep(whole);
  }

  /** Does `work` until a step fails; what was not taken of `wanted` is then told as skipped. */
  async until(work: () => Promise<void>, wanted: readonly DoctorStepName[]): Promise<void> {
    try {
      await work();
    } catch (error) {
      ignoreStopped(error);
      const taken = new Set(this.steps.map(({ step }) => step));
      for (const step of wanted)
        if (!taken.has(step)) this.tell({ step, state: 'skipped', ms: 0, detail: 'An earlier step failed.' });
    }
  }

  #explain(step: DoctorStepName, error: unknown): Explanation & { readonly detail: string } {
    if (error instanceof NoTokenError) return explainToken(error);
    if (error instanceof ApiRefusedError) return explainApi(error);
    const { detail, ...seen } = this.#observed(error);
    return { detail, ...explain({ step, context: this.#context, ...seen }) };
  }

  #observed(error: unknown): Omit<Observation, 'step' | 'context'> & { readonly detail: string } {
    if (this.needs.signal.aborted) return { detail: 'The test was ended.', fact: 'took-too-long' };
    if (error instanceof DoctorStop) return { detail: error.detail, ...error.seen };
    const { code, message } = systemError(error);
    return { detail: this.needs.transcript.clean(message), error: { code, message } };
  }
}

const explainToken = ({ failure }: NoTokenError): Explanation & { readonly detail: string } => ({
  code: failure.code,
  detail: failure.message,
  cause: failure.message,
  fix: failure.advice,
  retry: failure.retryable ? 'yes' : 'no',
  ...(failure.retryable ? {} : { offer: { kind: 'renew-consent' } as const }),
});

function explainApi({ failure, reply }: ApiRefusedError): Explanation & { readonly detail: string } {
  const { title, advice, retryable } = MAIL_FAILURES[failure.code];
  const detail = reply === '' ? failure.message : `The API says: ${reply}`;
  return { code: failure.code, detail, cause: title, fix: advice, retry: retryable ? 'yes' : 'no' };
}

function contextOf({ host, port, tls, auth, from }: DoctorTarget): ObservedContext {
  const context = { host, port, tls, from, auth: auth.kind };
  if (auth.kind === 'none') return context;
  const username = auth.kind === 'basic' ? auth.username : auth.usernames[0];
  return {
    ...context,
    ...(username === undefined ? {} : { username }),
    ...(auth.apiTransport === undefined ? {} : { apiTransport: auth.apiTransport }),
  };
}

/** Node reports several addresses that failed as one error without a code of its own. */
function systemError(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message, errors } = Object(error) as Readonly<Record<string, unknown>>; // Object() makes any value indexable; checked below
  if (typeof code !== 'string' && Array.isArray(errors) && errors.length > 0) return systemError(errors[0]);
  const name = typeof code === 'string' ? code : '';
  return { code: name, message: typeof message === 'string' && message !== '' ? message : name };
}
