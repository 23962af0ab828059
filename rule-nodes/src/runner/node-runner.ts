import type { RuleMessage } from '../language/rule-message.js';
import type { BatchRun, PureRun } from '../node/implement-node.js';
import type { NodeFailure, Outcome } from '../node/outcome.js';
import type { PortName, Ports } from '../node/ports.js';
import type { CompiledNode } from './compiled-chain.js';
import { nodeThrew, noOutcome } from './failures.js';
import { PortWatch } from './port-watch.js';
import type { RunnerHost } from './run-types.js';

/** Calls nodes and turns what they throw into failures of their messages; what the host's ports throw goes on up. */
export class NodeRunner {
  readonly #host: RunnerHost;
  readonly #ports = new Map<CompiledNode, Pick<Ports, PortName>>();
  readonly #watch = new PortWatch();
  #wrote = false;

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  /** @returns whether a port was asked to change anything since this was last asked */
  takeWrote(): boolean {
    const wrote = this.#wrote;
    this.#wrote = false;
    return wrote;
  }

  runPure(node: CompiledNode, run: PureRun, message: RuleMessage): Outcome {
    try {
      return run(message);
    } catch (error) {
      return failure(message, nodeThrew(node, error));
    }
  }

  async runBatch(
    node: CompiledNode,
    run: BatchRun<PortName>,
    messages: readonly RuleMessage[],
  ): Promise<readonly Outcome[]> {
    this.#watch.begin();
    try {
      const outcomes = await run(messages, this.#portsOf(node));
      return messages.map((message, index) => outcomes[index] ?? failure(message, noOutcome(node)));
    } catch (error) {
      if (this.#watch.hostFailed) throw error;
      if (messages.length > 1 && !this.#watch.wrote) return await this.#oneByOne(node, run, messages);
      return messages.map((message) => failure(message, nodeThrew(node, error)));
    } finally {
      this.#wrote ||= this.#watch.wrote;
    }
  }

  /** Nothing has been changed yet: the others need not suffer for the one that the node cannot take. */
  async #oneByOne(node: CompiledNode, run: BatchRun<PortName>, messages: readonly RuleMessage[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const message of messages) outcomes.push(...(await this.runBatch(node, run, [message])));
    return outcomes;
  }

  #portsOf(node: CompiledNode): Pick<Ports, PortName> {
    const known = this.#ports.get(node);
    if (known) return known;
    const ports = this.#watch.over(this.#host.ports(node.scope), node.uses);
    this.#ports.set(node, ports);
    return ports;
  }
}

const failure = (message: RuleMessage, of: NodeFailure): Outcome => ({ kind: 'failed', message, failure: of });
