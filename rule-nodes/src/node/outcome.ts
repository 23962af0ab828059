import type { RuleMessage } from '../language/rule-message.js';

/** Why a node could not do its work: a value, never an exception. */
export interface NodeFailure {
  /** Stable, kebab-case, for example `script-error`. */
  readonly code: string;
  /** A plain sentence for the person who built the chain. */
  readonly message: string;
  /** Whether the same message may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}

export interface Emission {
  /** Name of the output, for example `Success`. */
  readonly label: string;
  readonly message: RuleMessage;
}

/** What one node made of one message. */
export type Outcome =
  /** The messages go on; an empty list ends the message here. */
  | { readonly kind: 'emitted'; readonly emissions: readonly Emission[] }
  /** Goes to the output `Failure`; where that is not connected, the host retries or files a dead letter. */
  | { readonly kind: 'failed'; readonly failure: NodeFailure; readonly message: RuleMessage }
  /** Something outside answers later; the host stores the message and goes on with it then. */
  | { readonly kind: 'parked' }
  /** A script was over its soft limit: the host runs this message again from this node where nobody waits for it. */
  | { readonly kind: 'slow' }
  /** Goes on at the first node of another chain; the chain's output nodes lead back to this node's outputs. */
  | { readonly kind: 'enter'; readonly chainId: string }
  /** Goes back to the node that entered this chain, to its output with this name. */
  | { readonly kind: 'leave'; readonly label: string };

export const emit = (label: string, message: RuleMessage): Outcome => ({
  kind: 'emitted',
  emissions: [{ label, message }],
});
export const success = (message: RuleMessage): Outcome => emit('Success', message);
export const failed = (message: RuleMessage, code: string, text: string, retryable = false): Outcome => ({
  kind: 'failed',
  failure: { code, message: text, retryable },
  message,
});
export const parked: Outcome = { kind: 'parked' };
export const slow: Outcome = { kind: 'slow' };
export const ended: Outcome = { kind: 'emitted', emissions: [] };
