import { Component, computed, ElementRef, inject, input, resource, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getRuleChain } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { Page } from '../../ui/page/page';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Tag } from '../../ui/status/tag';
import { ChainNode } from './chain-node';
import { DebugEvents } from './debug-events';

/** One chain: its nodes, what is wrong with them, and what went in and out of those that somebody looks into. */
@Component({
  selector: 'sp-rule-chain-page',
  imports: [
    ChainNode,
    DebugEvents,
    ManagedTag,
    MatButton,
    MatIcon,
    Page,
    ProblemState,
    RouterLink,
    Skeleton,
    Tag,
    TranslocoPipe,
  ],
  templateUrl: './rule-chain-page.html',
  styleUrl: './rule-chain-page.scss',
})
export class RuleChainPage {
  /** From the address. */
  readonly id = input.required<string>();
  /** The node that is looked into; in the address, so that a link leads to it. */
  readonly node = input<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  protected readonly chain = resource({
    params: () => ({ id: this.id() }),
    loader: ({ params }) => this.api.invoke(getRuleChain, params),
  });
  protected readonly problem = computed(() => {
    const error = this.chain.error();
    return error ? asProblem(error) : null;
  });
  private readonly events = viewChild<DebugEvents, ElementRef<HTMLElement>>(DebugEvents, { read: ElementRef });
  protected readonly chosen = computed(() => this.nodes().find(({ id }) => id === this.node()) ?? null);
  protected readonly nodes = computed(() => (this.chain.hasValue() ? this.chain.value().nodes : []));
  protected readonly names = computed(() => new Map(this.nodes().map(({ id, name }) => [id, name])));
  /** What is wrong with the chain as a whole; the rest stands at its node. */
  protected readonly ofTheChain = computed(() =>
    this.chain.hasValue() ? this.chain.value().problems.filter(({ nodeName }) => nodeName === null) : [],
  );

  constructor() {
    live('rule-chains', this.chain, this.id);
  }

  protected showEvents(): void {
    this.events()?.nativeElement.scrollIntoView({ behavior: 'smooth', block: 'start' });
  }

  protected choose(nodeId: string): void {
    const node = nodeId === this.node() ? null : nodeId;
    void this.router.navigate([], { queryParams: { node }, replaceUrl: true });
  }
}
