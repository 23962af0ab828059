import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { RuleNode } from '../../core/api/models';
import { SessionStore } from '../../core/session/session-store';
import { Clock } from '../../core/time/clock';
import { JsonView } from '../../ui/json/json-view';
import { Tag } from '../../ui/status/tag';
import { DebugSwitch } from './debug-switch';

/** A node in the list of its chain; unfolded with its settings and what is recorded of it. */
@Component({
  selector: 'sp-chain-node',
  imports: [DebugSwitch, JsonView, MatButton, MatIcon, Tag, TranslocoPipe],
  templateUrl: './chain-node.html',
  styleUrl: './chain-node.scss',
})
export class ChainNode {
  readonly chainId = input.required<string>();
  readonly node = input.required<RuleNode>();
  /** Names of the chain's nodes by id. */
  readonly names = input.required<ReadonlyMap<string, string>>();
  readonly open = input.required<boolean>();
  readonly chosen = output();
  /** The recorded messages are to be shown. */
  readonly look = output();
  /** What is recorded was changed. */
  readonly switched = output();

  private readonly clock = inject(Clock);
  protected readonly mayChange = inject(SessionStore).is('tenant-administrator');
  protected readonly recording = computed(() => (this.node().debug.allUntil ?? 0) > this.clock.now());
  protected readonly settings = computed(() => Object.keys(this.node().config).length > 0);
  protected readonly ways = computed(() =>
    this.node().outputs.map(({ label, nodeId }) => ({ label, to: this.names().get(nodeId) ?? nodeId })),
  );
}
