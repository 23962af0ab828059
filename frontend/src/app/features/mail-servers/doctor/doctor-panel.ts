import {
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  output,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import { TranslocoPipe } from '@jsverse/transloco';
import type { DoctorOffer, DoctorStep } from '../../../core/api/models';
import type { ApiProblem } from '../../../core/http/api-problem';
import { ProblemState } from '../../../ui/state/problem-state';
import { Advice } from './advice';
import { DoctorFacts } from './doctor-facts';
import { DoctorVisit, type Patient } from './doctor-visit';
import { STEP_LOOKS } from './step-looks';
import { TranscriptView } from './transcript-view';

/** The connection doctor: every step live, and what to do about what it finds. */
@Component({
  selector: 'sp-doctor-panel',
  imports: [Advice, DoctorFacts, MatButton, MatIcon, MatProgressSpinner, ProblemState, TranscriptView, TranslocoPipe],
  providers: [DoctorVisit],
  templateUrl: './doctor-panel.html',
  styleUrl: './doctor-panel.scss',
})
export class DoctorPanel {
  /** null: there is nothing to examine yet. */
  readonly patient = input.required<Patient | null>();
  /** Whether what is examined is not saved. */
  readonly unsaved = input(false);
  readonly offered = output<DoctorOffer>();
  /** The settings cannot be tried as they are: the form says why, field by field. */
  readonly refused = output<ApiProblem>();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  protected readonly visit = inject(DoctorVisit);
  protected readonly aboutFields = computed(() => (this.visit.problem()?.facts.errors.length ?? 0) > 0);
  protected readonly looks = STEP_LOOKS;
  protected readonly steps = computed(() => this.visit.steps().map((step, index) => ({ step, index })));
  protected readonly worst = computed<DoctorStep['state']>(() => {
    const states = this.visit.steps().map(({ state }) => state);
    if (states.includes('failed')) return 'failed';
    const isWarning = states.includes('warning') || this.visit.findings().length > 0;
    return isWarning ? 'warning' : 'ok';
  });

  constructor() {
    effect(() => {
      const problem = this.visit.problem();
      if (problem && this.aboutFields()) this.refused.emit(problem);
    });
    effect(() => {
      if (this.visit.report() && this.worst() === 'failed') this.showAdvice();
    });
  }

  /** What to do may stand far below the first steps. */
  private showAdvice(): void {
    const advice = (): HTMLElement | null => this.host.nativeElement.querySelector('li.failed sp-advice');
    afterNextRender(() => advice()?.scrollIntoView({ block: 'nearest' }), { injector: this.injector });
  }

  protected start(): void {
    const patient = this.patient();
    if (patient) this.visit.start(patient);
  }
}
