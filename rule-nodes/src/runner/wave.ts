import { deriveId } from '../language/derive-id.js';
import { parkIdOf } from '../language/park-id.js';
import type { RuleMessage } from '../language/rule-message.js';
import { FAILURE } from '../node/describe-node.js';
import { emit, type Emission, type NodeFailure, type Outcome } from '../node/outcome.js';
import { ChainShelf } from './chain-shelf.js';
import type { CompiledNode, Edge } from './compiled-chain.js';
import { atRoot, continuationAt, continuationBehind, frameOf } from './continuations.js';
import {
  chainIsMissing,
  chainLoops,
  noFirstNode,
  noRootChain,
  nothingAtFailure,
  placeIsGone,
  tooManyHops,
} from './failures.js';
import { NodeRunner } from './node-runner.js';
import { Report } from './report.js';
import type { CallFrame, Continuation, RunEntry, RunnerHost } from './run-types.js';

/** Nodes that one message may pass, its ancestors counted: stops what goes round in circles. */
export const HOP_LIMIT = 200;

/** A message on its way to a node. */
export interface Work {
  readonly entry: number;
  readonly message: RuleMessage;
  readonly stack: readonly CallFrame[];
  readonly hops: number;
}

const NO_FRAMES: readonly CallFrame[] = [];
const FAILURE_KEY = FAILURE.toLowerCase();
const isTired = (work: Work): boolean => work.hops >= HOP_LIMIT;

export class Wave {
  readonly reports: readonly Report[];
  readonly #entries: readonly RunEntry[];
  readonly #chains: ChainShelf;
  readonly #runner: NodeRunner;
  readonly #host: RunnerHost;
  #waiting = new Map<CompiledNode, Work[]>();
  /** Messages that change the chain: they need an answer of the host first. */
  #crossings: (() => Promise<void>)[] = [];

  constructor(entries: readonly RunEntry[], host: RunnerHost) {
    this.#entries = entries;
    this.#host = host;
    this.reports = entries.map(() => new Report());
    this.#chains = new ChainShelf(host);
    this.#runner = new NodeRunner(host);
  }

  async run(): Promise<void> {
    while (this.#waiting.size > 0) {
      const groups = this.#waiting;
      this.#waiting = new Map();
      for (const [node, works] of groups) await this.#runGroup(node, works);
      for (const cross of this.#crossings.splice(0)) await cross();
    }
  }

  // ── where messages come in ─────────────────────────────────────────────────────────────────────────────────────────
  async enterRoot(entry: number, message: RuleMessage): Promise<void> {
    const chain = this.#chains.knownRoot(this.#tenantOf(entry)) ?? (await this.#chains.root(this.#tenantOf(entry)));
    const work = { entry, message, stack: NO_FRAMES, hops: 0 };
    if (!chain) this.#reportOf(entry).died(atRoot(message), noRootChain);
    else if (!chain.firstNode) this.#reportOf(entry).died(atRoot(message), noFirstNode(chain));
    else this.#wait(chain.firstNode, work);
  }

  async goOnWith(entry: number, start: Continuation): Promise<void> {
    const node = await this.#find(entry, start);
    if (!node) this.#reportOf(entry).died(start, placeIsGone);
    else if (start.answered) this.#goOnBehind(node, { ...start, entry }, start.answered.label);
    else this.#wait(node, { entry, message: start.message, stack: start.stack, hops: start.hops });
  }

  #goOnBehind(node: CompiledNode, work: Work, label: string): void {
    const { entry, message } = work;
    this.#host.afterNode?.({ entry, scope: node.scope, message, outcome: emit(label, message) });
    this.#follow(node, work, label, work.message);
  }

  async #find(entry: number, { chainId, chainVersion, nodeId }: CallFrame): Promise<CompiledNode | undefined> {
    const chain = await this.#chains.chain(this.#tenantOf(entry), chainId, chainVersion);
    return chain?.nodes.get(nodeId);
  }

  // ── running ────────────────────────────────────────────────────────────────────────────────────────────────────────
  async #runGroup(node: CompiledNode, all: readonly Work[]): Promise<void> {
    const works = all.some(isTired) ? this.#withoutTired(node, all) : all;
    const { behaviour } = node;
    if (this.#host.handsOver && node.needsMoreThanScripts) {
      for (const work of works) this.#reportOf(work.entry).handOver(continuationAt(node, work));
    } else if (behaviour.kind === 'pure') {
      for (const work of works) this.#settle(node, work, this.#runner.runPure(node, behaviour.run, work.message));
    } else if (works.length > 0) {
      const outcomes = await this.#runner.runBatch(
        node,
        behaviour.run,
        works.map((work) => work.message),
      );
      if (this.#runner.takeWrote()) for (const work of works) this.#reportOf(work.entry).wrote = true;
      for (const [index, outcome] of outcomes.entries()) this.#settleAt(node, works[index], outcome);
    }
  }

  #withoutTired(node: CompiledNode, works: readonly Work[]): Work[] {
    for (const work of works)
      if (isTired(work)) this.#reportOf(work.entry).died(continuationAt(node, work), tooManyHops(HOP_LIMIT));
    return works.filter((work) => !isTired(work));
  }

  #settleAt(node: CompiledNode, work: Work | undefined, outcome: Outcome): void {
    if (work) this.#settle(node, work, outcome);
  }

  #settle(node: CompiledNode, work: Work, outcome: Outcome): void {
    this.#host.afterNode?.({ entry: work.entry, scope: node.scope, message: work.message, outcome });
    switch (outcome.kind) {
      case 'emitted':
        return this.#emit(node, work, outcome.emissions);
      case 'failed':
        return this.#fail(node, work, outcome.message, outcome.failure);
      case 'parked':
        return this.#reportOf(work.entry).park({
          id: parkIdOf(work.message.id, node.node.id),
          continuation: continuationAt(node, work),
          follows: [...new Set([...node.outputs.keys(), FAILURE_KEY])],
        });
      case 'slow':
        return this.#reportOf(work.entry).slowDown(continuationAt(node, work));
      case 'enter':
        this.#crossings.push(() => this.#enter(node, work, outcome.chainId));
        return;
      case 'leave':
        if (work.stack.length > 0) this.#crossings.push(() => this.#leave(work, outcome.label));
    }
  }

  // ── going on ───────────────────────────────────────────────────────────────────────────────────────────────────────
  #emit(node: CompiledNode, work: Work, emissions: readonly Emission[]): void {
    const [first] = emissions;
    if (!first) return;
    if (emissions.length === 1) return this.#follow(node, work, first.label, first.message);
    const branches = emissions.flatMap(({ label, message }) =>
      node.edgesAt(label).map((edge) => ({ label, message, edge })),
    );
    for (const [index, { label, message, edge }] of branches.entries())
      this.#push(node, edge, work, message, branches.length > 1 ? { label, index } : null);
  }

  #follow(node: CompiledNode, work: Work, label: string, message: RuleMessage): void {
    const edges = node.edgesAt(label);
    const [only] = edges;
    if (edges.length === 1 && only) this.#push(node, only, work, message, null);
    else if (edges.length === 0 && label.toLowerCase() === FAILURE_KEY)
      this.#reportOf(work.entry).died(
        continuationBehind(node.scope, { ...work, message }, label),
        nothingAtFailure(node, message),
      );
    else for (const [index, edge] of edges.entries()) this.#push(node, edge, work, message, { label, index });
  }

  #fail(node: CompiledNode, work: Work, message: RuleMessage, failure: NodeFailure): void {
    if (node.edgesAt(FAILURE).length > 0) {
      const metadata = { ...message.metadata, error: failure.message };
      return this.#follow(node, work, FAILURE, { ...message, metadata });
    }
    const report = this.#reportOf(work.entry);
    if (failure.retryable) report.tryAgain(continuationAt(node, work), failure);
    else report.died(continuationAt(node, work), failure);
  }

  #push(
    node: CompiledNode,
    edge: Edge,
    { entry, message: parent, stack, hops }: Work,
    message: RuleMessage,
    branch: { readonly label: string; readonly index: number } | null,
  ): void {
    const next = branch
      ? { ...message, id: deriveId(parent.id, node.node.id, branch.label, branch.index) }
      : edge.closesCycle
        ? { ...message, id: deriveId(parent.id, node.node.id, 'again', 0) }
        : message;
    this.#wait(edge.to, { entry, message: next, stack, hops: hops + 1 });
  }

  #wait(node: CompiledNode, work: Work): void {
    const works = this.#waiting.get(node);
    if (works) works.push(work);
    else this.#waiting.set(node, [work]);
  }

  // ── from chain to chain ────────────────────────────────────────────────────────────────────────────────────────────
  async #enter(node: CompiledNode, work: Work, chainId: string): Promise<void> {
    const { message, stack } = work;
    if (chainId === node.scope.chainId || stack.some((frame) => frame.chainId === chainId))
      return this.#fail(node, work, message, chainLoops(node));
    const chain = await this.#chains.chain(node.scope.tenantId, chainId, null);
    if (!chain) return this.#fail(node, work, message, chainIsMissing(node));
    if (!chain.firstNode) return this.#fail(node, work, message, noFirstNode(chain));
    const entered = { ...message, id: deriveId(message.id, node.node.id, 'enter', 0) };
    this.#wait(chain.firstNode, { ...work, message: entered, stack: [...stack, frameOf(node)], hops: work.hops + 1 });
  }

  async #leave(work: Work, label: string): Promise<void> {
    const caller = work.stack.at(-1);
    if (!caller) return;
    const node = await this.#find(work.entry, caller);
    const outside = { ...work, stack: work.stack.slice(0, -1) };
    if (node) this.#follow(node, outside, label, work.message);
    else this.#reportOf(work.entry).died(continuationBehind(caller, outside, label), placeIsGone);
  }

  #reportOf(entry: number): Report {
    const report = this.reports[entry];
    if (!report) throw new Error(`There is no entry ${entry} in this wave.`);
    return report;
  }

  #tenantOf(entry: number): string {
    return this.#entries[entry]?.tenantId ?? '';
  }
}
