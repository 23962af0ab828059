import { expect, it } from 'vitest';

import { telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runNode, runOnce } from '../../../testing/run-node.js';

const hot = telemetry({ temperature: 21 });
const run = (config: Record<string, string | null>) => runOnce('filter/script', config, hot);

it('lets messages out at True or False', async () => {
  const outcomes = await runNode('filter/script', { jsScript: 'return msg.temperature > 20;' }, [
    hot,
    telemetry({ temperature: 20 }),
  ]);
  expect(outcomes).toMatchObject([
    { emissions: [{ label: 'True', message: hot }] },
    { emissions: [{ label: 'False' }] },
  ]);
});

it('shows the script metadata and the type', async () => {
  const jsScript = "return metadata.deviceType === 'thermostat' && msgType === 'POST_TELEMETRY_REQUEST';";
  expect(await run({ jsScript })).toMatchObject({ emissions: [{ label: 'True' }] });
});

it.each([
  ['return 1;', 'number'],
  ["return 'true';", 'string'],
  ['return [true];', 'array'],
  ['msg.temperature > 20;', 'is there a return?'],
])('fails where the answer is no boolean: %s', async (jsScript, type) => {
  expect(await run({ jsScript })).toMatchObject({
    kind: 'failed',
    failure: { code: 'script-result', message: expect.stringContaining(type) },
  });
});

it('takes scripts without a language for JavaScript and runs TBEL as JavaScript', async () => {
  expect(await run({ jsScript: 'return true;', tbelScript: 'return false;' })).toMatchObject({
    emissions: [{ label: 'True' }],
  });
  expect(await run({ scriptLang: 'TBEL', jsScript: 'return true;', tbelScript: 'return false;' })).toMatchObject({
    emissions: [{ label: 'False' }],
  });
});

it('says in plain words what only TBEL understands', async () => {
  const outcome = await run({ scriptLang: 'TBEL', tbelScript: 'foreach (x : msg) {} return true;' });
  expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'tbel-only', retryable: false } });
  expect(outcome.kind === 'failed' && outcome.failure.message).toContain('foreach');
});

it('adds to the error of a TBEL script that it ran as JavaScript', async () => {
  const outcome = await run({ scriptLang: 'TBEL', tbelScript: 'return toFixed(msg.temperature, 1) > 2;' });
  expect(outcome.kind === 'failed' && outcome.failure.message).toMatch(
    /toFixed is not defined.*TBEL runs as JavaScript/,
  );
});

it('fails where there is no script in the chosen language', async () => {
  expect(await run({ scriptLang: 'TBEL', jsScript: 'return true;', tbelScript: null })).toMatchObject({
    failure: { code: 'script-missing' },
  });
});

it('hands a slow script and a failure of the host on', async () => {
  const answers = [
    { ok: 'slow' as const },
    { ok: false as const, failure: { code: 'busy', message: 'Later.', retryable: true } },
  ];
  const recording = recordingPorts({ scripts: { run: () => Promise.resolve(answers) } });
  const outcomes = await runNode('filter/script', { jsScript: 'return true;' }, [hot, hot], { recording });
  expect(outcomes).toMatchObject([{ kind: 'slow' }, { kind: 'failed', failure: { retryable: true } }]);
});
