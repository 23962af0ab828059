import { expect, it } from 'vitest';

import { SEND_EMAIL } from '../../../language/message-types.js';
import { telemetry } from '../../../testing/chain-builder.js';
import { runOnce } from '../../../testing/run-node.js';
import { toEmailNode } from './to-email.descriptor.js';

const message = telemetry(
  { temperature: 90, site: { name: '<b>Hall</b>' } },
  {
    alarmId: '0198c0de-7a00-7000-8000-000000000001',
    metadata: { deviceName: 'A&B', userEmail: 'a@example.org', sly: '${userEmail}', html: 'TRUE' },
  },
);
const draftOf = async (config: object, of = message) => {
  const outcome = await runOnce('transformation/to-email', { toTemplate: '${userEmail}', ...config }, of);
  if (outcome.kind !== 'emitted') return outcome;
  const made = outcome.emissions[0]?.message;
  expect(made).toMatchObject({ id: of.id, type: SEND_EMAIL, originator: of.originator, metadata: of.metadata });
  return made?.data;
};

it("makes a mail of ThingsBoard's own defaults, unresolved placeholders left as they are", async () => {
  expect(await draftOf(toEmailNode.defaults)).toEqual({
    from: 'info@testmail.org',
    to: 'a@example.org',
    cc: null,
    bcc: null,
    subject: 'Device ${deviceType} temperature high',
    body: 'Device A&B has high temperature 90',
    images: null,
    html: false,
  });
});

it('keeps the alarm that the message tells of', async () => {
  expect(await runOnce('transformation/to-email', {}, message)).toMatchObject({
    emissions: [{ message: { alarmId: message.alarmId } }],
  });
});

it('leaves fields with an empty template out', async () => {
  expect(await draftOf({ ccTemplate: '', subjectTemplate: null })).toMatchObject({
    cc: null,
    bcc: null,
    subject: null,
    body: null,
  });
});

it('never reads values as templates', async () => {
  expect(await draftOf({ bodyTemplate: '${sly}' })).toMatchObject({ body: '${userEmail}' });
});

it.each([
  [{ mailBodyType: 'true' }, true],
  [{ mailBodyType: true }, true],
  [{ mailBodyType: 'false' }, false],
  [{ mailBodyType: null }, false],
  [{}, false],
  [{ mailBodyType: 'dynamic', isHtmlTemplate: '${html}' }, true],
  [{ mailBodyType: 'dynamic', isHtmlTemplate: '${missing}' }, false],
  [{ mailBodyType: 'dynamic' }, false],
])('reads from %o whether the body is HTML', async (config, html) => {
  expect(await draftOf(config)).toMatchObject({ html });
});

it('puts values into HTML as ThingsBoard does, and escaped where the node says so', async () => {
  const html = {
    mailBodyType: 'true',
    bodyTemplate: '<p>${deviceName} $[site.name]</p>',
    subjectTemplate: '${deviceName}',
  };
  expect(await draftOf(html)).toMatchObject({ body: '<p>A&B <b>Hall</b></p>' });
  expect(await draftOf({ ...html, escapeHtmlValues: true })).toMatchObject({
    body: '<p>A&amp;B &lt;b&gt;Hall&lt;/b&gt;</p>',
    subject: 'A&B',
  });
  expect(await draftOf({ ...html, mailBodyType: 'false', escapeHtmlValues: true })).toMatchObject({
    body: '<p>A&B <b>Hall</b></p>',
  });
});

it('takes pictures from metadata', async () => {
  const withImages = (images: string) => ({ ...message, metadata: { ...message.metadata, images } });
  expect(await draftOf({}, withImages('{"logo":"aGk="}'))).toMatchObject({ images: { logo: 'aGk=' } });
  for (const wrong of ['no json', '[1]', '{"logo":1}'])
    expect(await runOnce('transformation/to-email', {}, withImages(wrong))).toMatchObject({
      kind: 'failed',
      failure: { code: 'message-images' },
    });
});

it('fails where a template reads data that is no JSON', async () => {
  const text = { ...message, dataType: 'TEXT' as const, data: 'raw' };
  expect(await runOnce('transformation/to-email', { bodyTemplate: '$[a]' }, text)).toMatchObject({ kind: 'failed' });
  expect(await draftOf({ bodyTemplate: '${deviceName}' }, text)).toMatchObject({ body: 'A&B' });
});
