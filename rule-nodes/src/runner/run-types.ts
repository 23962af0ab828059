/** What the host gives to the chain runner and what it gets back. */
import type { NodeFailure, Outcome } from '../node/outcome.js';
import type { NodeScope, PortName, Ports } from '../node/ports.js';
import type { RuleChainDefinition } from '../language/rule-chain.js';
import type { RuleMessage } from '../language/rule-message.js';

/** Where a message came from: the rule chain node to go back to when an output node is reached. */
export interface CallFrame {
  readonly chainId: string;
  readonly chainVersion: number;
  readonly nodeId: string;
}

/**
 * A message and the place where it goes on; plain JSON, stored in the queue and in parked messages. With the nil UUID for
 * `chainId` and `nodeId` (`AT_ROOT`) it enters its tenant's root chain: so dead letters say it of messages that never
 * reached a node.
 */
export interface Continuation {
  readonly message: RuleMessage;
  readonly chainId: string;
  readonly chainVersion: number;
  readonly nodeId: string;
  readonly stack: readonly CallFrame[];
  /** Nodes passed so far; the hop limit counts across parks and retries. */
  readonly hops: number;
  /**
   * Set when the node has answered already: go on at this output instead of running the node. Where `Failure` is not
   * connected the message is dead; the reason is taken from `metadata.error`.
   */
  readonly answered?: { readonly label: string };
}

/** One accepted message: it enters its tenant's root chain, or goes on where `starts` say. */
export interface RunEntry {
  readonly tenantId: string;
  readonly message: RuleMessage;
  /** null: enter at the root chain's first node. */
  readonly starts: readonly Continuation[] | null;
}

/** A published version of a chain, ready to run; made once by `compileChain`. */
export interface PublishedChain {
  readonly tenantId: string;
  readonly chainId: string;
  readonly version: number;
  readonly name: string;
  readonly definition: RuleChainDefinition;
}

/** What is wrong with a chain; messages that reach the node fail. `nodeId` null: the chain as a whole. */
export interface ChainDefect {
  readonly nodeId: string | null;
  readonly text: string;
}

export interface ParkedRun {
  readonly id: string;
  readonly continuation: Continuation;
  /** Outputs in lower case at which something follows the answer: nodes, or the dead letters. At any other it leads nowhere. */
  readonly follows: readonly string[];
}

/** Everything that became of one entry. All lists empty: it ran to its end. */
export interface RunReport {
  /** Wait for something outside: store under `id`; the answer names it. */
  readonly parked: readonly ParkedRun[];
  /** Over the soft limit of scripts: run again in the slow lane. */
  readonly slow: readonly Continuation[];
  /** Failed with nothing connected to `Failure` and may succeed later. */
  readonly retry: readonly { readonly continuation: Continuation; readonly failure: NodeFailure }[];
  /** Failed for good with nothing connected to `Failure`: dead letters. */
  readonly dead: readonly { readonly continuation: Continuation; readonly failure: NodeFailure }[];
  /** Stand before a node that needs more than scripts, where the host has such messages handed over. */
  readonly handed: readonly Continuation[];
  /** A port may have been asked to change something for it: it is done with when that is committed, not before. */
  readonly wrote: boolean;
}

export interface NodeRun {
  /** Place of the message in the wave. */
  readonly entry: number;
  readonly scope: NodeScope;
  readonly message: RuleMessage;
  readonly outcome: Outcome;
}

/**
 * Answers come as values. What throws here (a lost database connection, say) is no fault of a message: `runWave` rejects
 * with it and nothing of the wave counts.
 */
export interface RunnerHost {
  /** Nodes that need more than scripts are not run: their messages are handed over, and go on there another time. */
  readonly handsOver?: boolean;
  /** The compiled root chain of a tenant, or of a chain by id; `version` null = the published one as of the batch's first statement. */
  rootChain(tenantId: string): Promise<CompiledChainHandle | null>;
  chain(tenantId: string, chainId: string, version: number | null): Promise<CompiledChainHandle | null>;
  /** The ports bound to a node; the runner hands a node only those that it declares. */
  ports(scope: NodeScope): Pick<Ports, PortName>;
  /** Called after each node; a host that keeps no debug trail leaves it out. */
  afterNode?(run: NodeRun): void;
}

/** Opaque to the host: made by `compileChain`, kept in the host's cache under (chain id, version). */
export interface CompiledChainHandle {
  readonly chain: PublishedChain;
  readonly problems: readonly ChainDefect[];
}
