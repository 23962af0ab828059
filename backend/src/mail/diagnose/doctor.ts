import type { DoctorReport, DoctorStep } from '@signalpost/contracts';

import { systemClock, type Clock } from '../../db/index.js';
import { systemLookUpTxt, type LookUpTxt } from './dns-records.js';
import type { DoctorTarget } from './doctor-target.js';
import { ApiVisit } from './api-visit.js';
import { DoctorVisit } from './doctor-visit.js';

/** Steps in the order in which they were taken, and the conversation with its secrets removed. */
export type Examination = Omit<DoctorReport, 'findings'>;

const MAX_VISIT_MS = 120_000;

/**
 * Looks at a mail server the way a mail would go, one step after the other, up to a recipient that is named and taken back;
 * it never sends DATA. Who calls it limits how often (`DoctorLimits`).
 */
export class Doctor {
  constructor(
    private readonly lookUpTxt: LookUpTxt = systemLookUpTxt,
    private readonly clock: Clock = systemClock,
    private readonly maxVisitMs = MAX_VISIT_MS,
  ) {}

  /**
   * Never throws for what the server does: failures are steps.
   * @param onStep hears of each step as it ends
   * @param signal ends the visit; what was not looked at is `skipped`
   */
  async run(
    target: DoctorTarget,
    onStep: (step: DoctorStep) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Examination> {
    const ends = [AbortSignal.timeout(this.maxVisitMs), ...(signal === undefined ? [] : [signal])];
    const needs = { onStep, lookUpTxt: this.lookUpTxt, clock: this.clock, signal: AbortSignal.any(ends) };
    const { api } = target;
    const visit = api === undefined ? new DoctorVisit(target, needs) : new ApiVisit(target, api, needs);
    await visit.run();
    const { steps, transcript } = visit;
    const healthy = steps.every(({ state }) => state !== 'failed');
    return { healthy, steps: [...steps], transcript: transcript.lines };
  }
}
