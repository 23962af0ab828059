import { Component, computed, inject, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { AlarmComment } from '../../core/api/models';
import { endTime } from '../../core/time/relative-time';
import type { IconName } from '../../ui/icon/icons';
import { Ago } from '../../ui/time/ago';

type Told = Exclude<AlarmComment['kind'], 'comment'>;

const ICON_OF: Readonly<Record<Told, IconName>> = {
  raised: 'report',
  'severity-changed': 'history',
  acknowledged: 'check',
  cleared: 'done-all',
  muted: 'notifications-off',
  unmuted: 'notifications',
};

/** One line of what the system tells of an alarm. */
@Component({
  selector: 'sp-history-entry',
  imports: [Ago, MatIcon, TranslocoPipe],
  template: `
    <mat-icon [svgIcon]="icon()" aria-hidden="true" />
    <span class="words">
      {{ text().key | transloco: text().blanks }}
      <span class="sp-soft">· <sp-ago [at]="entry().at" /></span>
      @if (entry().text; as reason) {
        <span class="reason" dir="auto">{{ reason }}</span>
      }
    </span>
  `,
  styles: `
    :host {
      display: flex;
      align-items: flex-start;
      gap: 10px;
      padding: 0 2px;
    }

    mat-icon {
      width: 18px;
      height: 18px;
      margin-top: 1px;
      color: var(--sp-ink-soft);
    }

    .words {
      min-width: 0;
      overflow-wrap: anywhere;
    }

    .reason {
      display: block;
    }
  `,
})
export class HistoryEntry {
  readonly entry = input.required<AlarmComment>();

  private readonly transloco = inject(TranslocoService);
  protected readonly icon = computed(() => ICON_OF[this.entry().kind as Told]); // comments are shown by their own markup
  protected readonly text = computed(() => this.textOf(this.entry()));

  private textOf({ kind, author, until, severity, at }: AlarmComment): { key: string; blanks: Record<string, string> } {
    const by = author ?? '';
    if (severity) {
      const word = (one: string) => this.transloco.translate('severity.' + one);
      return { key: 'alarms.history.severity', blanks: { from: word(severity.from), to: word(severity.to) } };
    }
    if (kind === 'muted')
      return until === null
        ? { key: 'alarms.history.mutedUntilCleared', blanks: { by } }
        : { key: 'alarms.history.muted', blanks: { by, time: endTime(until, at, this.transloco.getActiveLang()) } };
    return author === null
      ? { key: 'alarms.history.byItself.' + kind, blanks: {} }
      : { key: 'alarms.history.byPerson.' + kind, blanks: { by } };
  }
}
