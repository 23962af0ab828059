import { expect, it } from 'vitest';

import { deriveId } from '../language/derive-id.js';
import { parkIdOf } from '../language/park-id.js';
import type { RuleMessage } from '../language/rule-message.js';
import { implementBatch, implementPure } from '../node/implement-node.js';
import { emit, success } from '../node/outcome.js';
import { RUNTIME_CATALOG } from '../runtime-catalog.js';
import { logNode } from '../nodes/action/log/log.descriptor.js';
import { messageTypeSwitchNode } from '../nodes/filter/message-type-switch/message-type-switch.descriptor.js';
import { compileSketch, entryOf, idOf, publish, sketchChain, telemetry } from '../testing/chain-builder.js';
import { InMemoryHost } from '../testing/in-memory-host.js';
import { recordingPorts } from '../testing/recording-ports.js';
import { compileChain } from './compile-chain.js';
import type { CompiledChainHandle, RunEntry, RunReport } from './run-types.js';
import { runWave } from './run-wave.js';
import { HOP_LIMIT } from './wave.js';

const LOG = ['action/log', { jsScript: 'return msgType;' }] as const;
const SWITCH = ['filter/message-type-switch'] as const;
const filter = (script: string) => ['filter/script', { jsScript: script }] as const;
const transform = (script: string) => ['transformation/script', { jsScript: script }] as const;

async function runOne(host: InMemoryHost, entry: RunEntry = entryOf(telemetry({ t: 1 }))): Promise<RunReport> {
  const [report] = await runWave([entry], host);
  if (!report) throw new Error('no report');
  return report;
}
const nothing = { parked: [], slow: [], retry: [], dead: [], handed: [] };
const loggedIds = (host: InMemoryHost) => host.recording.lines.map(({ message }) => message.id);

it('keeps the id of a message along single connections and ends it quietly where nothing is connected', async () => {
  const host = new InMemoryHost([compileSketch({ switch: SWITCH, log: LOG }, ['switch -Post telemetry-> log'])]);
  expect(await runOne(host)).toMatchObject(nothing);
  expect(loggedIds(host)).toEqual([idOf('message')]);
});

it('matches labels without regard to case', async () => {
  const host = new InMemoryHost([compileSketch({ switch: SWITCH, log: LOG }, ['switch -POST Telemetry-> log'])]);
  await runOne(host);
  expect(host.recording.lines).toHaveLength(1);
});

it('gives each branch an id of its own that is the same whenever the message is run again', async () => {
  const chain = compileSketch({ switch: SWITCH, a: LOG, b: LOG }, [
    'switch -Post telemetry-> a',
    'switch -Post telemetry-> b',
  ]);
  const [first, again] = [new InMemoryHost([chain]), new InMemoryHost([chain])];
  await runOne(first);
  await runOne(again);
  const branch = (index: number) => deriveId(idOf('message'), idOf('switch'), 'Post telemetry', index);
  expect(loggedIds(first)).toEqual([branch(0), branch(1)]);
  expect(loggedIds(again)).toEqual(loggedIds(first));
});

it('counts the branches of all messages of a step', async () => {
  const chain = compileSketch({ split: transform('return [{msg: 1}, {msg: 2}];'), a: LOG, b: LOG }, [
    'split -Success-> a',
    'split -Success-> b',
  ]);
  const host = new InMemoryHost([chain]);
  await runOne(host);
  expect(new Set(loggedIds(host)).size).toBe(4);
  expect(loggedIds(host)).toContain(deriveId(idOf('message'), idOf('split'), 'Success', 3));
});

it('hands a node all messages of the wave in one call', async () => {
  const sizes: number[] = [];
  const counting = implementBatch(logNode, () => (messages) => {
    sizes.push(messages.length);
    return Promise.resolve(messages.map((message) => success(message)));
  });
  const catalog = new Map(RUNTIME_CATALOG).set(logNode.type, counting);
  const definition = sketchChain({ switch: SWITCH, log: LOG }, ['switch -Post telemetry-> log']);
  const entries = [1, 2, 3].map((t) => entryOf(telemetry({ t }, { id: idOf(`message ${t}`) })));
  await runWave(entries, new InMemoryHost([compileChain(publish(definition), catalog)]));
  expect(sizes).toEqual([3]);
});

// ── failures ─────────────────────────────────────────────────────────────────────────────────────────────────────────
it('leads a failure to Failure with its sentence in metadata', async () => {
  const chain = compileSketch({ filter: filter('throw new Error("broken");'), log: LOG }, ['filter -Failure-> log']);
  const host = new InMemoryHost([chain]);
  expect(await runOne(host)).toMatchObject(nothing);
  expect(host.recording.lines[0]?.message.metadata['error']).toContain('broken');
});

it('files a dead letter where nothing is connected to Failure, and disturbs no other message', async () => {
  const chain = compileSketch({ filter: filter('return msg.t.x.y > 1;'), log: LOG }, ['filter -True-> log']);
  const host = new InMemoryHost([chain]);
  const entries = [{ t: 1 }, { t: { x: { y: 2 } } }].map((data) => entryOf(telemetry(data)));
  const [bad, good] = await runWave(entries, host);
  expect(bad?.dead).toMatchObject([
    { failure: { code: 'script-error' }, continuation: { nodeId: idOf('filter'), message: { data: { t: 1 } } } },
  ]);
  expect(good).toMatchObject(nothing);
  expect(host.recording.lines).toHaveLength(1);
});

it('asks for a retry where a failure may pass', async () => {
  const scripts = {
    run: (calls: readonly unknown[]) =>
      Promise.resolve(
        calls.map(() => ({ ok: false as const, failure: { code: 'busy', message: 'Later.', retryable: true } })),
      ),
  };
  const host = new InMemoryHost([compileSketch({ filter: filter('return true;') }, [])], recordingPorts({ scripts }));
  expect(await runOne(host)).toMatchObject({
    retry: [{ failure: { code: 'busy' }, continuation: { hops: 0 } }],
    dead: [],
  });
});

it('turns what a node throws into a failure of its message alone', async () => {
  const throwing = implementPure(messageTypeSwitchNode, () => (message) => {
    if (message.type === 'BAD') throw new Error('I broke');
    return emit('Post telemetry', message);
  });
  const catalog = new Map(RUNTIME_CATALOG).set(messageTypeSwitchNode.type, throwing);
  const definition = sketchChain({ switch: SWITCH, log: LOG }, ['switch -Post telemetry-> log']);
  const entries = ['BAD', 'GOOD'].map((type) => entryOf(telemetry({}, { type })));
  const [bad, good] = await runWave(entries, new InMemoryHost([compileChain(publish(definition), catalog)]));
  expect(bad?.dead).toMatchObject([
    { failure: { code: 'node-error', message: 'The node "switch" broke: I broke', retryable: false } },
  ]);
  expect(good).toMatchObject(nothing);
});

it('runs messages one by one after a node threw at a batch of them', async () => {
  const throwing = implementBatch(logNode, () => (messages) => {
    if (messages.some(({ type }) => type === 'BAD')) throw new Error('I broke');
    return Promise.resolve(messages.map((message) => success(message)));
  });
  const catalog = new Map(RUNTIME_CATALOG).set(logNode.type, throwing);
  const host = new InMemoryHost([compileChain(publish(sketchChain({ log: LOG }, [])), catalog)]);
  const reports = await runWave(
    ['A', 'BAD', 'B'].map((type) => entryOf(telemetry({}, { type }))),
    host,
  );
  expect(reports.map(({ dead }) => dead.length)).toEqual([0, 1, 0]);
});

it('does not run messages again after a node wrote something and then threw', async () => {
  let calls = 0;
  const throwing = implementBatch(logNode, () => async (messages, { log }) => {
    calls += 1;
    await log.write(messages.map((message) => ({ message, text: 'written' })));
    throw new Error('I broke');
  });
  const catalog = new Map(RUNTIME_CATALOG).set(logNode.type, throwing);
  const host = new InMemoryHost([compileChain(publish(sketchChain({ log: LOG }, [])), catalog)]);
  const reports = await runWave([entryOf(telemetry({})), entryOf(telemetry({}))], host);
  expect(reports.map(({ dead }) => dead.length)).toEqual([1, 1]);
  expect([calls, host.recording.lines.length]).toEqual([1, 2]);
});

it('rejects with what a port throws: that is no fault of a message', async () => {
  const scripts = { run: () => Promise.reject(new Error('connection lost')) };
  const host = new InMemoryHost([compileSketch({ filter: filter('return true;') }, [])], recordingPorts({ scripts }));
  await expect(runOne(host)).rejects.toThrow('connection lost');
});

it('fails the messages that reach a node of an unknown type, naming the type', async () => {
  const foreign = { type: 'org.thingsboard.rule.engine.mqtt.TbMqttNode' };
  const host = new InMemoryHost([compileSketch({ mqtt: ['unknown', {}, { foreign }] }, [])]);
  const report = await runOne(host);
  expect(report.dead[0]?.failure).toMatchObject({ code: 'node-misconfigured' });
  expect(report.dead[0]?.failure.message).toContain('"org.thingsboard.rule.engine.mqtt.TbMqttNode"');
});

it('lists what is wrong with a chain and fails only the messages that reach it', async () => {
  const chain = compileSketch(
    { switch: SWITCH, alarm: ['action/create-alarm', { alarmType: 'A', severity: 'AWFUL' }] },
    ['switch -Post telemetry-> alarm'],
  );
  expect(chain.problems).toMatchObject([{ nodeId: idOf('alarm') }]);
  const [telemetryReport, other] = await runWave(
    [entryOf(telemetry({})), entryOf(telemetry({}, { type: 'ELSE' }))],
    new InMemoryHost([chain]),
  );
  expect(telemetryReport?.dead[0]?.failure.message).toContain('Incorrect Alarm Severity value: AWFUL');
  expect(other).toMatchObject(nothing);
});

it('never loses a message that has no chain or no first node to go to', async () => {
  expect((await runOne(new InMemoryHost([]))).dead[0]?.failure.code).toBe('no-root-chain');
  const empty = compileSketch({}, []);
  const report = await runOne(new InMemoryHost([empty]));
  expect(report.dead[0]?.failure.code).toBe('no-first-node');
  const repaired = new InMemoryHost([compileSketch({ log: LOG }, [])]);
  const replay = { ...entryOf(telemetry({})), starts: report.dead.map(({ continuation }) => continuation) };
  expect(await runOne(repaired, replay)).toMatchObject(nothing);
  expect(repaired.recording.lines).toHaveLength(1);
});

// ── circles ──────────────────────────────────────────────────────────────────────────────────────────────────────────
it('stops a message that goes in circles and keeps it as a dead letter; each round has its own id', async () => {
  const host = new InMemoryHost([
    compileSketch({ switch: SWITCH, log: LOG }, ['switch -Post telemetry-> log', 'log -Success-> switch']),
  ]);
  const report = await runOne(host);
  expect(report.dead).toMatchObject([{ failure: { code: 'hop-limit' }, continuation: { hops: HOP_LIMIT } }]);
  expect(new Set(loggedIds(host)).size).toBe(HOP_LIMIT / 2);
});

// ── chains in chains ─────────────────────────────────────────────────────────────────────────────────────────────────
const sub = (label: string, id = 'sub'): CompiledChainHandle =>
  compileSketch({ [`log in ${id}`]: LOG, [label]: ['flow/output'] }, [`log in ${id} -Success-> ${label}`], {
    chainId: idOf(id),
  });

it('comes back from another chain at the output with the name of its output node', async () => {
  const root = compileSketch({ call: ['flow/rule-chain', { ruleChainId: idOf('sub') }], after: LOG }, [
    'call -All good-> after',
  ]);
  const host = new InMemoryHost([root, sub('All good')]);
  expect(await runOne(host)).toMatchObject(nothing);
  expect(host.recording.lines).toHaveLength(2);
});

it('gives a chain that is called twice other ids each time', async () => {
  const call = ['flow/rule-chain', { ruleChainId: idOf('sub') }] as const;
  const root = compileSketch({ first: call, second: call }, ['first -done-> second']);
  const host = new InMemoryHost([root, sub('done')]);
  await runOne(host);
  const once = deriveId(idOf('message'), idOf('first'), 'enter', 0);
  expect(loggedIds(host)).toEqual([once, deriveId(once, idOf('second'), 'enter', 0)]);
});

it.each([
  ['its own chain', 'root', 'rule-chain-loop'],
  ['a chain that does not exist', 'gone', 'rule-chain-missing'],
])('fails a message that is to enter %s', async (_, target, code) => {
  const root = compileSketch({ call: ['flow/rule-chain', { ruleChainId: idOf(target) }] }, []);
  expect((await runOne(new InMemoryHost([root]))).dead[0]?.failure.code).toBe(code);
});

it('does not enter a chain that the message is still in', async () => {
  const root = compileSketch({ call: ['flow/rule-chain', { ruleChainId: idOf('sub') }] }, []);
  const back = compileSketch({ back: ['flow/rule-chain', { ruleChainId: idOf('root') }] }, [], {
    chainId: idOf('sub'),
  });
  const report = await runOne(new InMemoryHost([root, back]));
  expect(report.dead).toMatchObject([{ failure: { code: 'rule-chain-loop' }, continuation: { nodeId: idOf('back') } }]);
});

it('ends at an output node that nobody called', async () => {
  expect(await runOne(new InMemoryHost([compileSketch({ out: ['flow/output'] }, [])]))).toMatchObject(nothing);
});

it('files a dead letter when a chain comes back at Failure and nothing is connected there', async () => {
  const root = compileSketch({ call: ['flow/rule-chain', { ruleChainId: idOf('sub') }] }, []);
  const report = await runOne(new InMemoryHost([root, sub('Failure')]));
  expect(report.dead).toMatchObject([{ failure: { code: 'failure-not-connected' } }]);
});

// ── park and resume ──────────────────────────────────────────────────────────────────────────────────────────────────
const mail: RuleMessage = telemetry({ to: 'a@example.org', subject: 'S', body: 'B' }, { type: 'SEND_EMAIL' });

it('parks at send email and goes on behind it when the answer is there, also inside a called chain', async () => {
  const root = compileSketch({ call: ['flow/rule-chain', { ruleChainId: idOf('sub') }], after: LOG }, [
    'call -sent-> after',
  ]);
  const mails = compileSketch({ send: ['external/send-email'], sent: ['flow/output'] }, ['send -Success-> sent'], {
    chainId: idOf('sub'),
  });
  const host = new InMemoryHost([root, mails]);
  const { parked } = await runOne(host, entryOf(mail));
  const inside = deriveId(mail.id, idOf('call'), 'enter', 0);
  expect(parked).toMatchObject([
    {
      id: parkIdOf(inside, idOf('send')),
      continuation: { stack: [{ nodeId: idOf('call') }] },
      follows: ['success', 'failure'],
    },
  ]);
  expect(host.recording.mails.map(({ parkedId }) => parkedId)).toEqual(parked.map(({ id }) => id));

  const starts = JSON.parse(
    JSON.stringify(parked.map(({ continuation }) => ({ ...continuation, answered: { label: 'Success' } }))),
  );
  expect(await runOne(host, { ...entryOf(mail), starts })).toMatchObject(nothing);
  expect(loggedIds(host)).toEqual([inside]);
  expect(host.recording.mails).toHaveLength(1);
});

it('sends the mail of a message that is run again once', async () => {
  const host = new InMemoryHost([compileSketch({ send: ['external/send-email'] }, [])]);
  await runOne(host, entryOf(mail));
  await runOne(host, entryOf(mail));
  expect(host.recording.mails).toHaveLength(1);
});

it('files a dead letter when the answer is a failure and nothing is connected to Failure', async () => {
  const host = new InMemoryHost([compileSketch({ send: ['external/send-email'], log: LOG }, ['send -Success-> log'])]);
  const { parked } = await runOne(host, entryOf(mail));
  const refused = { ...mail, metadata: { error: 'Mailbox unknown.' } };
  const starts = parked.map(({ continuation }) => ({
    ...continuation,
    message: refused,
    answered: { label: 'Failure' },
  }));
  const report = await runOne(host, { ...entryOf(mail), starts });
  expect(report.dead).toMatchObject([{ failure: { code: 'failure-not-connected', message: 'Mailbox unknown.' } }]);
});

it.each([[['send -Success-> log']], [['send -Failure-> log']]])(
  'ends quietly when the mail was suppressed and nothing is connected there (%j)',
  async (lines) => {
    const host = new InMemoryHost([compileSketch({ send: ['external/send-email'], log: LOG }, lines)]);
    const { parked } = await runOne(host, entryOf(mail));
    const starts = parked.map(({ continuation }) => ({ ...continuation, answered: { label: 'Suppressed' } }));
    expect(await runOne(host, { ...entryOf(mail), starts })).toMatchObject(nothing);
    expect(loggedIds(host)).toEqual([]);
  },
);

it('goes on at Suppressed where a chain connects it', async () => {
  const host = new InMemoryHost([
    compileSketch({ send: ['external/send-email'], log: LOG }, ['send -Suppressed-> log']),
  ]);
  const { parked } = await runOne(host, entryOf(mail));
  const starts = parked.map(({ continuation }) => ({ ...continuation, answered: { label: 'Suppressed' } }));
  expect(await runOne(host, { ...entryOf(mail), starts })).toMatchObject(nothing);
  expect(loggedIds(host)).toEqual([mail.id]);
});

it('hands messages whose script is slow back to go on at the same node', async () => {
  const scripts = { run: (calls: readonly unknown[]) => Promise.resolve(calls.map(() => ({ ok: 'slow' as const }))) };
  const host = new InMemoryHost([compileSketch({ filter: filter('return true;') }, [])], recordingPorts({ scripts }));
  expect((await runOne(host)).slow).toMatchObject([{ nodeId: idOf('filter'), hops: 0 }]);
});

it('keeps a message whose place is gone', async () => {
  const gone = { chainId: idOf('gone'), chainVersion: 7, nodeId: idOf('gone'), message: mail, stack: [], hops: 3 };
  const report = await runOne(new InMemoryHost([]), { ...entryOf(mail), starts: [gone] });
  expect(report.dead).toMatchObject([{ failure: { code: 'place-gone' }, continuation: gone }]);
});

// ── what the host is shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────
it('shows the host what goes in and out of each node, and of which entry', async () => {
  const chain = compileSketch({ switch: SWITCH, log: LOG }, ['switch -Post telemetry-> log']);
  const host = new InMemoryHost([chain]);
  await runOne(host);
  expect(host.runs).toMatchObject([
    { entry: 0, scope: { nodeName: 'switch' }, outcome: { emissions: [{ label: 'Post telemetry' }] } },
    { entry: 0, scope: { nodeName: 'log' }, outcome: { emissions: [{ label: 'Success' }] } },
  ]);
});

it('shows the host what answered a parked message', async () => {
  const host = new InMemoryHost([
    compileSketch({ send: ['external/send-email', {}], log: LOG }, ['send -Success-> log']),
  ]);
  const { parked } = await runOne(host, entryOf(mail));
  const starts = parked.map(({ continuation }) => ({ ...continuation, answered: { label: 'Success' } }));
  await runOne(host, { ...entryOf(mail), starts });
  const atSend = host.runs.filter(({ scope }) => scope.nodeName === 'send');
  expect(atSend.map(({ outcome }) => outcome)).toMatchObject([
    { kind: 'parked' },
    { emissions: [{ label: 'Success' }] },
  ]);
});

it('hands a node the ports that it declares and no others', async () => {
  let seen: string[] = [];
  const nosy = implementBatch(logNode, () => (messages, ports) => {
    seen = Object.keys(ports);
    return Promise.resolve(messages.map((message) => success(message)));
  });
  const catalog = new Map(RUNTIME_CATALOG).set(logNode.type, nosy);
  await runOne(new InMemoryHost([compileChain(publish(sketchChain({ log: LOG }, [])), catalog)]));
  expect(seen).toEqual(['scripts', 'log']);
});

it('says of a message whether a port was asked to change something for it', async () => {
  const chain = compileSketch({ hot: filter('return msg.t > 1;'), log: LOG }, ['hot -True-> log']);
  const entries = [1, 2].map((t) => entryOf(telemetry({ t })));
  const reports = await runWave(entries, new InMemoryHost([chain]));
  expect(reports.map(({ wrote }) => wrote)).toEqual([false, true]);
});

it('hands over what stands before a node that needs more than scripts, where the host has it so', async () => {
  const chain = compileSketch({ hot: filter('return msg.t > 1;'), a: LOG, b: LOG }, ['hot -True-> a', 'hot -True-> b']);
  const host = Object.assign(new InMemoryHost([chain]), { handsOver: true });
  const [cold, hot] = await runWave(
    [1, 2].map((t) => entryOf(telemetry({ t }))),
    host,
  );
  expect(cold).toMatchObject(nothing);
  expect(hot).toMatchObject({ handed: [{ nodeId: idOf('a') }, { nodeId: idOf('b') }], wrote: false });
  expect(host.recording.lines).toEqual([]);
});
