import type { NodeRun, Outcome, RuleMessage } from '@signalpost/rule-nodes/runtime';
import { v7 as uuidV7 } from 'uuid';

import type { RunningEntry } from '../../queue/index.js';
import type { DebugRow } from './debug-rows.js';
import { shown, shownText } from './debug-text.js';
import type { DebugTrail } from './debug-trail.js';

/** What is recorded of a node. */
export interface NodeDebug {
  readonly failures?: boolean;
  /** Epoch milliseconds. */
  readonly allUntil?: number;
}

/** By tenant and node, see `debugKey`; empty when nobody looks. */
export type DebuggedNodes = ReadonlyMap<string, NodeDebug>;

export const debugKey = (tenantId: string, nodeId: string): string => `${tenantId} ${nodeId}`;

interface Unfinished {
  readonly entry: RunningEntry;
  readonly row: Omit<DebugRow, 'committed'>;
}

/** The debug events of one transaction: gathered while it runs, handed over when it has ended, one way or the other. */
export class BatchTrail {
  #rows: Unfinished[] = [];

  constructor(
    private readonly trail: Pick<DebugTrail, 'admit' | 'release' | 'write'>,
    private readonly now: number,
  ) {}

  record(nodes: DebuggedNodes, run: NodeRun, entry: RunningEntry): void {
    const { tenantId, chainId, nodeId, chainVersion } = run.scope;
    const wanted = nodes.get(debugKey(tenantId, nodeId));
    if (wanted === undefined || !this.#isWanted(wanted, run.outcome)) return;
    const dropped = this.trail.admit({ tenantId, chainId, nodeId });
    if (dropped === null) return;
    const { message, outcome } = run;
    const row = {
      id: uuidV7(),
      tenantId,
      chainId,
      nodeId,
      chainVersion,
      at: this.now,
      messageId: message.id,
      messageType: shownText(message.type),
      originatorType: message.originator.entityType,
      originatorId: message.originator.id,
      attempt: entry.attempts + 1,
      outcome: outcome.kind,
      input: shown(message),
      outputs: outputsOf(outcome),
      error: outcome.kind === 'failed' ? shownText(outcome.failure.message) : null,
      dropped,
    };
    this.#rows.push({ entry, row });
  }

  /**
   * @param committed false: rolled back, and tried again
   * @param of these entries alone
   */
  end(committed: boolean, of?: ReadonlySet<RunningEntry>): void {
    const isTold = ({ entry }: Unfinished): boolean => of?.has(entry) ?? true;
    const told = this.#rows.filter(isTold);
    if (told.length === 0) return;
    this.trail.write(told.map(({ row }) => ({ ...row, committed })));
    this.#rows = this.#rows.filter((one) => !isTold(one));
  }

  /** It was a rehearsal: nothing of it is to be told. */
  forget(): void {
    this.trail.release(this.#rows.map(({ row }) => row));
    this.#rows = [];
  }

  #isWanted({ failures = false, allUntil = 0 }: NodeDebug, outcome: Outcome): boolean {
    return allUntil > this.now || (failures && isFailure(outcome));
  }
}

/** A node that takes the output Failure itself counts, too. */
function isFailure(outcome: Outcome): boolean {
  if (outcome.kind === 'failed') return true;
  return outcome.kind === 'emitted' && outcome.emissions.some(({ label }) => label.toLowerCase() === 'failure');
}

function outputsOf(outcome: Outcome): DebugRow['outputs'] {
  if (outcome.kind === 'failed') return [outputOf('Failure', outcome.message)];
  return outcome.kind === 'emitted' ? outcome.emissions.map(({ label, message }) => outputOf(label, message)) : [];
}

function outputOf(relation: string, message: RuleMessage): DebugRow['outputs'][number] {
  return { relation: shownText(relation), messageType: shownText(message.type), ...shown(message) };
}
