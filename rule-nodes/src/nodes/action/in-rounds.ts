import type { RuleMessage } from '../../language/rule-message.js';
import { failed, type Outcome } from '../../node/outcome.js';

/**
 * Runs messages in rounds in which no key appears twice: the second message about an alarm must see what the first one made
 * of it. Outcomes stand in the order of the messages.
 */
export async function inRounds<T extends { readonly message: RuleMessage }>(
  requests: readonly T[],
  keyOf: (request: T) => string,
  run: (round: readonly T[]) => Promise<readonly Outcome[]>,
): Promise<Outcome[]> {
  const outcomes = new Map<T, Outcome>();
  for (const round of roundsOf(requests, keyOf)) {
    const answers = await run(round);
    for (const [index, request] of round.entries()) outcomes.set(request, answers[index] ?? unanswered(request));
  }
  return requests.map((request) => outcomes.get(request) ?? unanswered(request));
}

function roundsOf<T>(requests: readonly T[], keyOf: (request: T) => string): T[][] {
  const rounds: T[][] = [];
  const used = new Map<string, number>();
  for (const request of requests) {
    const round = used.get(keyOf(request)) ?? 0;
    used.set(keyOf(request), round + 1);
    (rounds[round] ??= []).push(request);
  }
  return rounds;
}

const unanswered = ({ message }: { readonly message: RuleMessage }): Outcome =>
  failed(message, 'node-error', 'The node gave no outcome for the message.');
