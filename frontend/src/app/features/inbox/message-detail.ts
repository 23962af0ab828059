import { Component, computed, inject, input, linkedSignal, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getInboxMessage, getInboxMessageSource } from '../../core/api/functions';
import { asProblem } from '../../core/http/api-problem';
import { Choice } from '../../ui/choice/choice';
import { MailFrame } from '../../ui/mail-frame/mail-frame';
import { Panel } from '../../ui/split/panel';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { ExactPipe } from '../../ui/time/exact.pipe';
import { InboxStore } from './inbox-store';

const VIEWS = ['html', 'text', 'headers', 'source'] as const;
type View = (typeof VIEWS)[number];

/** One mail: as it would look, as text, its headers, and as it went over the wire. */
@Component({
  selector: 'sp-message-detail',
  imports: [Choice, ExactPipe, MailFrame, MatButton, MatIcon, Panel, ProblemState, Skeleton, TranslocoPipe],
  templateUrl: './message-detail.html',
  styleUrl: './message-detail.scss',
})
export class MessageDetail {
  /** From the address. */
  readonly id = input.required<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly transloco = inject(TranslocoService);
  protected readonly store = inject(InboxStore);
  protected readonly message = resource({
    params: () => ({ id: this.id() }),
    loader: ({ params }) => this.api.invoke(getInboxMessage, params),
  });
  private readonly html = computed(() => (this.message.hasValue() ? this.message.value().html : null));
  protected readonly views = computed(() =>
    VIEWS.filter((view) => view !== 'html' || this.html() !== null).map((value) => ({
      value,
      label: this.transloco.translate('inbox.view.' + value),
    })),
  );
  protected readonly view = linkedSignal<View>(() => (this.html() === null ? 'text' : 'html'));
  protected readonly source = resource({
    params: () => (this.view() === 'source' ? { id: this.id() } : undefined),
    loader: ({ params }) => this.api.invoke(getInboxMessageSource, params),
  });
  protected readonly problem = computed(() => {
    const error = this.message.error() ?? this.source.error();
    return error ? asProblem(error) : null;
  });

  protected async delete(): Promise<void> {
    if (await this.store.delete(this.id())) await this.router.navigate(['/inbox']);
  }
}
