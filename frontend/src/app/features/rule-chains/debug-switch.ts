import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { switchRuleNodeDebug } from '../../core/api/functions';
import type { RuleNode } from '../../core/api/models';
import { Clock } from '../../core/time/clock';
import { Toasts } from '../../ui/toast/toasts';

/** How long everything of a node is recorded after one click. */
const MINUTES = 15;
const MINUTE_MS = 60_000;

/** What is recorded of a node: its failures, and for a while everything. */
@Component({
  selector: 'sp-debug-switch',
  imports: [MatButton, MatIcon, MatSlideToggle, TranslocoPipe],
  template: `
    <mat-slide-toggle [checked]="node().debug.failures" [disabled]="busy()" (change)="save($event.checked, left())">
      {{ 'ruleChains.detail.failures' | transloco }}
    </mat-slide-toggle>
    <div class="sp-bar">
      @if (left() > 0) {
        <span class="small">{{ 'ruleChains.detail.left' | transloco: { minutes: left() } }}</span>
        <button matButton="outlined" type="button" [disabled]="busy()" (click)="save(node().debug.failures, 0)">
          <mat-icon svgIcon="pause" />{{ 'ruleChains.detail.stop' | transloco }}
        </button>
      } @else {
        <button matButton="tonal" type="button" [disabled]="busy()" (click)="save(node().debug.failures, minutes)">
          <mat-icon svgIcon="visibility" />{{ 'ruleChains.detail.recordAll' | transloco: { minutes } }}
        </button>
      }
    </div>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }

    .small {
      font-size: 0.8125rem;
    }
  `,
})
export class DebugSwitch {
  readonly chainId = input.required<string>();
  readonly node = input.required<RuleNode>();
  readonly switched = output();

  private readonly api = inject(Api);
  private readonly clock = inject(Clock);
  private readonly toasts = inject(Toasts);
  protected readonly minutes = MINUTES;
  protected readonly busy = signal(false);
  /** Whole minutes for which everything is still recorded. */
  protected readonly left = computed(() =>
    Math.max(0, Math.ceil(((this.node().debug.allUntil ?? 0) - this.clock.now()) / MINUTE_MS)),
  );

  protected async save(failures: boolean, minutes: number): Promise<void> {
    this.busy.set(true);
    try {
      const body = { failures, minutes };
      await this.api.invoke(switchRuleNodeDebug, { id: this.chainId(), nodeId: this.node().id, body });
    } catch (error) {
      this.toasts.failed(error);
    }
    this.busy.set(false);
    this.switched.emit();
  }
}
