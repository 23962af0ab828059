import { HttpClient, HttpEventType, type HttpEvent } from '@angular/common/http';
import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { Subscription } from 'rxjs';
import type { DoctorEvent, DoctorReport, DoctorStep, LintFinding } from '../../../core/api/models';
import { type ApiProblem, asProblem } from '../../../core/http/api-problem';
import { GrowingLines } from './ndjson';

/** What is examined: a saved server, or settings that are not saved yet. */
export interface Patient {
  readonly url: string;
  readonly body: object;
}

/** One examination of a mail server, as it happens. */
@Injectable()
export class DoctorVisit {
  private readonly http = inject(HttpClient);
  private visit: Subscription | undefined;

  readonly running = signal(false);
  readonly findings = signal<readonly LintFinding[]>([]);
  readonly steps = signal<readonly DoctorStep[]>([]);
  readonly report = signal<DoctorReport | null>(null);
  /** Why there is no report, in the server's words. */
  readonly problem = signal<ApiProblem | null>(null);
  /** Something went wrong on the way, after steps had come already. */
  readonly broken = signal('');
  readonly begun = computed(() => this.running() || this.report() !== null || this.problem() !== null);
  readonly failed = computed(() => this.steps().find(({ state }) => state === 'failed') ?? null);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  start({ url, body }: Patient): void {
    this.forget();
    this.running.set(true);
    const lines = new GrowingLines();
    this.visit = this.http
      .post(url, body, { observe: 'events', reportDownloadProgress: true, responseType: 'text' })
      .subscribe({
        next: (event) => this.hear(lines.take(textOf(event))),
        error: (error: unknown) => this.end(asProblem(error)),
        complete: () => this.end(null),
      });
  }

  /** The server notices that nobody listens any more and ends the visit. */
  stop(): void {
    this.visit?.unsubscribe();
    this.running.set(false);
  }

  forget(): void {
    this.stop();
    this.findings.set([]);
    this.steps.set([]);
    this.report.set(null);
    this.problem.set(null);
    this.broken.set('');
  }

  private end(problem: ApiProblem | null): void {
    this.problem.set(problem);
    this.running.set(false);
  }

  private hear(events: readonly DoctorEvent[]): void {
    for (const event of events) this.note(event);
  }

  private note(event: DoctorEvent): void {
    if (event.kind === 'findings') this.findings.set(event.findings);
    else if (event.kind === 'step') this.steps.update((steps) => [...steps, event.step]);
    else if (event.kind === 'report') this.report.set(event.report);
    else this.broken.set(event.detail);
  }
}

function textOf(event: HttpEvent<string>): string {
  if (event.type === HttpEventType.Response) return event.body ?? '';
  const isProgress = event.type === HttpEventType.DownloadProgress && 'partialText' in event;
  return isProgress && typeof event.partialText === 'string' ? event.partialText : '';
}
