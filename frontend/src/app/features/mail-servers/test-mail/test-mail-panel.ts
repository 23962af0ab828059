import { HttpClient } from '@angular/common/http';
import { Component, DestroyRef, computed, inject, input, linkedSignal, output, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../core/api/api';
import { getTestMail } from '../../../core/api/functions';
import type { DoctorOffer, TestMailResult } from '../../../core/api/models';
import { type ApiProblem, asProblem } from '../../../core/http/api-problem';
import { SessionStore } from '../../../core/session/session-store';
import { FieldFrame } from '../../../ui/field/field';
import { ProblemState } from '../../../ui/state/problem-state';
import { Ago } from '../../../ui/time/ago';
import { Advice } from '../doctor/advice';
import type { Patient } from '../doctor/doctor-visit';
import { TranscriptView } from '../doctor/transcript-view';

/** Between two looks whether it arrived, in milliseconds. */
const PAUSE = 4_000;

/** Sends one mail now and tells what the server said; accepted is not arrived. */
@Component({
  selector: 'sp-test-mail-panel',
  imports: [Advice, Ago, FieldFrame, MatButton, MatIcon, ProblemState, RouterLink, TranscriptView, TranslocoPipe],
  templateUrl: './test-mail-panel.html',
  styleUrl: './test-mail-panel.scss',
})
export class TestMailPanel {
  /** Where to ask; null: there is nothing to send with yet. */
  readonly subject = input.required<Patient | null>();
  readonly unsaved = input(false);
  /** Whether mails stay in the inbox inside the product. */
  readonly sandbox = input(false);
  readonly offered = output<DoctorOffer>();
  /** The settings cannot be tried as they are: the form says why, field by field. */
  readonly refused = output<ApiProblem>();

  private readonly api = inject(Api);
  private readonly http = inject(HttpClient);
  private readonly session = inject(SessionStore);
  protected readonly recipient = linkedSignal(() => this.session.current()?.user.email ?? '');
  protected readonly sending = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly result = signal<TestMailResult | null>(null);
  /** Whoever got the mail can say so in it; asked for while this page is open. */
  protected readonly known = resource({
    params: () => {
      const result = this.result();
      return result?.accepted ? { id: result.id } : undefined;
    },
    loader: ({ params }) => this.api.invoke(getTestMail, params),
  });
  protected readonly arrivedAt = computed(() => (this.known.hasValue() ? this.known.value().arrivedAt : null));
  protected readonly recipientProblem = computed(
    () => this.problem()?.facts.errors.find(({ pointer }) => pointer === '/recipient')?.message ?? '',
  );
  protected readonly aboutFields = computed(
    () => this.problem()?.facts.errors.some(({ pointer }) => pointer.startsWith('/settings')) === true,
  );
  protected readonly seesInbox = computed(() => this.session.current()?.sandboxInbox === true);

  constructor() {
    const timer = setInterval(() => {
      if (this.result()?.accepted && this.arrivedAt() === null && !this.known.isLoading()) this.known.reload();
    }, PAUSE);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected async send(): Promise<void> {
    const subject = this.subject();
    if (!subject || this.sending()) return;
    this.sending.set(true);
    this.problem.set(null);
    this.result.set(null);
    try {
      const body = { ...subject.body, recipient: this.recipient().trim() };
      this.result.set(await firstValueFrom(this.http.post<TestMailResult>(subject.url + '/test-mail', body)));
    } catch (error) {
      this.tell(asProblem(error));
    } finally {
      this.sending.set(false);
    }
  }

  private tell(problem: ApiProblem): void {
    this.problem.set(problem);
    if (this.aboutFields()) this.refused.emit(problem);
  }
}
