/**
 * The thread that runs tenants' scripts. Imported by nobody: the pool starts it, from this text or from its build. Imports here and below
 * name `.ts` files, which Node runs as they stand and the build rewrites.
 */
import { parentPort } from 'node:worker_threads';

import { Sandbox } from './sandbox.ts';
import {
  TURN_MS,
  type CallAnswer,
  type CheckTurn,
  type RunTurn,
  type Turn,
  type TurnAnswer,
  type WorkerMessage,
} from './worker-protocol.ts';

const MAX_SANDBOXES = 64;

if (parentPort === null) throw new Error('This file is started by the script pool as a worker thread.');
const port = parentPort;
const say = (message: WorkerMessage): void => port.postMessage(message);

const sandboxes = new Map<string, Sandbox>();

async function sandboxOf(tenantId: string): Promise<Sandbox> {
  const known = sandboxes.get(tenantId);
  if (known !== undefined && !known.spent) return known;
  const made = await Sandbox.create();
  sandboxes.set(tenantId, made);
  return made;
}

/** The least recently used goes first; a sandbox that may hold something of a call is not kept at all. */
function keep(tenantId: string, sandbox: Sandbox): void {
  sandboxes.delete(tenantId);
  if (!sandbox.spent) sandboxes.set(tenantId, sandbox);
  const [oldest] = sandboxes.keys();
  if (sandboxes.size > MAX_SANDBOXES && oldest !== undefined) sandboxes.delete(oldest);
}

async function run(turn: RunTurn): Promise<readonly CallAnswer[]> {
  const answers: CallAnswer[] = [];
  const end = performance.now() + TURN_MS;
  for (const [index, input] of turn.calls) {
    const script = turn.scripts[index];
    if (script === undefined) throw new Error(`The turn has no script ${index}.`);
    const sandbox = await sandboxOf(turn.tenantId);
    answers.push(sandbox.call(script, input, turn.limitMs));
    keep(turn.tenantId, sandbox);
    if (performance.now() > end) break;
  }
  return answers;
}

const check = async (turn: CheckTurn): Promise<TurnAnswer> => ({
  kind: 'checked',
  problem: (await Sandbox.create()).check(turn.script.source, turn.limitMs),
});

async function take(turn: Turn): Promise<void> {
  say(turn.kind === 'run' ? { kind: 'ran', answers: await run(turn) } : await check(turn));
}

// A fault of this thread itself ends it; the pool sees that and starts another.
port.on('message', (turn: Turn) => void take(turn));
say({ kind: 'ready' });
