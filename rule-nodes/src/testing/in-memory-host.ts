import type { PortName, Ports, NodeScope } from '../node/ports.js';
import type { CompiledChainHandle, NodeRun, RunnerHost } from '../runner/run-types.js';
import { RecordingPorts } from './recording-ports.js';

/** A host of one tenant whose chains stand in memory; the first one is the root chain. */
export class InMemoryHost implements RunnerHost {
  readonly runs: NodeRun[] = [];

  constructor(
    readonly chains: readonly CompiledChainHandle[],
    readonly recording: RecordingPorts = new RecordingPorts(),
  ) {}

  rootChain(): Promise<CompiledChainHandle | null> {
    return Promise.resolve(this.chains[0] ?? null);
  }

  /** Without a version: the newest. */
  chain(_tenantId: string, chainId: string, version: number | null): Promise<CompiledChainHandle | null> {
    const versions = this.chains.filter(({ chain }) => chain.chainId === chainId);
    const newest = Math.max(...versions.map(({ chain }) => chain.version));
    return Promise.resolve(versions.find(({ chain }) => chain.version === (version ?? newest)) ?? null);
  }

  ports(scope: NodeScope): Pick<Ports, PortName> {
    return this.recording.at(scope);
  }

  afterNode(run: NodeRun): void {
    this.runs.push(run);
  }
}
