import { expect, it } from 'vitest';

import { telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runOnce } from '../../../testing/run-node.js';
import { LOG_EVERYTHING } from './log.descriptor.js';

const message = telemetry({ t: 1 });

it('writes what the script returns and lets the message go on', async () => {
  const recording = recordingPorts();
  expect(await runOnce('action/log', { jsScript: "return 't=' + msg.t;" }, message, { recording })).toMatchObject({
    emissions: [{ label: 'Success', message }],
  });
  expect(recording.lines).toEqual([{ message, text: 't=1' }]);
});

it("answers ThingsBoard's own script without running it, with the same text", async () => {
  const [plain, scripted] = [
    recordingPorts({ scripts: { run: () => Promise.reject(new Error('not asked')) } }),
    recordingPorts(),
  ];
  await runOnce('action/log', { jsScript: LOG_EVERYTHING }, message, { recording: plain });
  await runOnce('action/log', { jsScript: `${LOG_EVERYTHING} // the same` }, message, { recording: scripted });
  expect(plain.lines).toEqual(scripted.lines);
});

it('fails where the script returns no text', async () => {
  expect(await runOnce('action/log', { jsScript: 'return msg;' }, message)).toMatchObject({
    kind: 'failed',
    failure: { code: 'script-result' },
  });
});
