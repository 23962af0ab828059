import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listAuditEvents } from '../../core/api/functions';
import type { AuditEvent } from '../../core/api/models';
import { AUDIT_ENTITY_TYPE } from '../../core/api/models/audit-entity-type-array';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Clock } from '../../core/time/clock';
import { Choice } from '../../ui/choice/choice';
import { Page } from '../../ui/page/page';
import { SearchField } from '../../ui/search/search-field';
import { EmptyState } from '../../ui/state/empty-state';
import { ListState } from '../../ui/state/list-state';
import { Ago } from '../../ui/time/ago';
import { ExactPipe } from '../../ui/time/exact.pipe';
import { type AuditFilter, SINCE, exportUrl, filterOf, queryOf } from './audit-filter';
import { injectAuditWords, shownValue } from './audit-words';

/** Who did what, from where: a list that unfolds to what changed. */
@Component({
  selector: 'sp-audit-page',
  imports: [
    Ago,
    Choice,
    EmptyState,
    ExactPipe,
    ListState,
    MatButton,
    MatIcon,
    MatIconButton,
    Page,
    SearchField,
    TranslocoPipe,
  ],
  templateUrl: './audit-page.html',
  styleUrl: './audit-page.scss',
})
export class AuditPage {
  /** The filter lives in the address, so that it can be linked and survives a reload. */
  readonly since = input<string>();
  readonly about = input<string>();
  readonly text = input<string>();

  private readonly api = inject(Api);
  private readonly clock = inject(Clock);
  private readonly router = inject(Router);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  protected readonly filter = computed(
    () => filterOf({ since: this.since(), about: this.about(), text: this.text() }),
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  protected readonly list = pagedList(this.filter, (filter, cursor) =>
    this.api.invoke(listAuditEvents, { ...queryOf(filter, this.clock.now()), ...cursor }),
  );
  protected readonly files = computed(() => ({
    csv: exportUrl(this.filter(), this.clock.now(), 'csv'),
    ndjson: exportUrl(this.filter(), this.clock.now(), 'ndjson'),
  }));
  /** The one whose changes are unfolded. */
  protected readonly unfolded = signal<string | null>(null);
  protected readonly ofSystem = computed(() => this.session.is('system-administrator'));
  protected readonly wordsOf = injectAuditWords();
  protected readonly shown = shownValue;
  protected readonly spans = SINCE.map((value) => ({ value, label: this.transloco.translate('audit.since.' + value) }));
  protected readonly kinds = AUDIT_ENTITY_TYPE.map((value) => ({
    value,
    label: this.transloco.translate('audit.type.' + value),
  })).toSorted((one, other) => one.label.localeCompare(other.label));
  /** What is being typed, before it stands in the address. */
  protected readonly typed = signal('');

  constructor() {
    effect(() => this.typed.set(this.filter().text));
    effect(() => {
      const text = this.typed();
      if (text !== this.filter().text) this.show({ text });
    });
  }

  protected show(change: Partial<Record<keyof AuditFilter, string | null>>): void {
    const { since, about, text } = { ...this.filter(), ...change };
    const queryParams = { since: since === 'ever' ? null : since, about: about || null, text: text || null };
    void this.router.navigate(['/audit'], { queryParams });
  }

  protected fold(event: AuditEvent): void {
    this.unfolded.update((now) => (now === event.id ? null : event.id));
  }
}
