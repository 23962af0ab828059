import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listDebugEvents } from '../../core/api/functions';
import type { DebugEvent, RuleNode } from '../../core/api/models';
import { live } from '../../core/events/live';
import { CountPipe } from '../../core/i18n/count.pipe';
import { pagedList } from '../../core/paging/paged-list';
import { JsonView } from '../../ui/json/json-view';
import { EmptyState } from '../../ui/state/empty-state';
import { ListState } from '../../ui/state/list-state';
import { Tag, type Tone } from '../../ui/status/tag';
import { Ago } from '../../ui/time/ago';

/** What went in and out of a chain's nodes, or of one of them, as it happens. */
@Component({
  selector: 'sp-debug-events',
  imports: [Ago, CountPipe, EmptyState, JsonView, ListState, MatButton, MatIcon, Tag, TranslocoPipe],
  templateUrl: './debug-events.html',
  styleUrl: './debug-events.scss',
  host: { class: 'sp-card' },
})
export class DebugEvents {
  readonly chainId = input.required<string>();
  /** Null: of all nodes. */
  readonly node = input.required<RuleNode | null>();
  /** Names of the chain's nodes by id. */
  readonly names = input.required<ReadonlyMap<string, string>>();
  /** All nodes are to be shown. */
  readonly everything = output();

  private readonly api = inject(Api);
  private readonly shown = computed(() => ({ id: this.chainId(), nodeId: this.node()?.id }), { equal: samePlace });
  protected readonly list = pagedList(this.shown, ({ id, nodeId }, cursor) =>
    this.api.invoke(listDebugEvents, { id, ...(nodeId ? { nodeId } : {}), ...cursor }),
  );
  /** The one whose content is unfolded. */
  protected readonly unfolded = signal<string | null>(null);

  constructor() {
    live('rule-chain-debug', this.list.quietly);
  }

  protected fold(event: DebugEvent): void {
    this.unfolded.update((now) => (now === event.id ? null : event.id));
  }

  protected tone({ outcome, committed }: DebugEvent): Tone {
    if (outcome === 'failed') return 'critical';
    return committed ? 'neutral' : 'minor';
  }

  /** The outputs that it took; what became of it where it took none. */
  protected wayOf({ outcome, outputs }: DebugEvent): string {
    return outcome === 'emitted' || outcome === 'failed' ? outputs.map(({ relation }) => relation).join(', ') : '';
  }
}

interface Place {
  readonly id: string;
  readonly nodeId: string | undefined;
}

function samePlace(a: Place, b: Place): boolean {
  return a.id === b.id && a.nodeId === b.nodeId;
}
