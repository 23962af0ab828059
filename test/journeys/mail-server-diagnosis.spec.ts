import { afterEach, expect, it } from 'vitest';

import { startSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage } from '../stack/chains.js';
import { freePort } from '../stack/free-port.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant } from '../stack/tenant.js';
import { until } from '../stack/until.js';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

interface Step {
  readonly step: string;
  readonly state: string;
  readonly code?: string;
}

async function diagnosed(mailServer: object) {
  const product = await Product.prepare();
  cleanUp.push(() => product.dispose());
  product.provision({ tenants: [tenant({ mailServer, chain: mailEachMessage(product.home) })] });
  await product.start();
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const { items } = await admin.get<{ items: { id: string }[] }>('/api/mail/servers');
  const path = `/api/mail/servers/${items[0]!.id}`;
  const diagnose = async (): Promise<Step[]> => {
    const text = await (await admin.send('POST', `${path}/diagnose`, {})).text();
    const last = JSON.parse(text.trim().split('\n').at(-1)!) as { report: { steps: Step[] } };
    return last.report.steps;
  };
  const sendTestMail = () =>
    admin.post<{ accepted: boolean; failure: { code: string } | null }>(`${path}/test-mail`, {
      recipient: 'me@example.org',
    });
  return { product, admin, diagnose, sendTestMail };
}

it('finds the sandbox healthy, and its test mail in the inbox', async () => {
  const { admin, diagnose, sendTestMail } = await diagnosed({ name: 'DEFAULT', default: true, provider: 'sandbox' });
  expect((await diagnose()).filter(({ state }) => state === 'failed')).toEqual([]);
  expect(await sendTestMail()).toMatchObject({ accepted: true, failure: null });
  const [mail] = await until('the test mail', async () => {
    const all = await admin.list<{ subject: string }>('/api/inbox/messages');
    return all.length > 0 && all;
  });
  expect(mail?.subject).toBe('Test mail of Signalpost (DEFAULT)');
});

it('says what is wrong with a mail server that nobody runs, and is content when somebody does', async () => {
  const port = await freePort();
  const { diagnose, sendTestMail } = await diagnosed(smtp(port));
  expect(await diagnose()).toContainEqual(
    expect.objectContaining({ step: 'tcp', state: 'failed', code: 'connection-refused' }),
  );
  expect(await sendTestMail()).toMatchObject({ accepted: false, failure: { code: 'connection-refused' } });
  const mailbox = await startSmtp({ port });
  cleanUp.push(() => mailbox.stop());
  expect((await diagnose()).filter(({ state }) => state === 'failed')).toEqual([]);
  expect(await sendTestMail()).toMatchObject({ accepted: true });
});

it('tells a test mail that was accepted from one that arrived, while the page waits', async () => {
  const mailbox = await startSmtp();
  cleanUp.push(() => mailbox.stop());
  const { product, admin, sendTestMail } = await diagnosed(smtp(mailbox.port));
  const events = await admin.send('GET', '/api/events?topics=mail-servers');
  cleanUp.push(() => events.body?.cancel() ?? Promise.resolve());
  const { id } = (await sendTestMail()) as unknown as { id: string }; // looked at by what follows
  const [mail] = await mailbox.waitFor(1);
  const link = new URL(/https?:\/\/\S+/g.exec(mail?.mail.text?.split('got it:')[1] ?? '')?.[0] ?? '');
  const page = `${product.url}${link.pathname}`;
  expect(await (await fetch(page)).text()).toContain('I got it');
  expect(await admin.get(`/api/mail/test-mails/${id}`)).toMatchObject({ arrivedAt: null });
  await fetch(page, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '' });
  let heard = '';
  for await (const chunk of events.body!.pipeThrough(new TextDecoderStream())) {
    heard += chunk;
    if (heard.includes('test-mail-arrived')) break;
  }
  expect(heard).toContain(id);
  expect(await admin.get(`/api/mail/test-mails/${id}`)).toMatchObject({
    recipient: 'me@example.org',
    arrivedAt: expect.any(Number) as number,
  });
});

it('tries settings of the form before they are saved', async () => {
  const mailbox = await startSmtp();
  cleanUp.push(() => mailbox.stop());
  const { admin } = await diagnosed({ name: 'DEFAULT', default: true, provider: 'sandbox' });
  const { name: _name, default: _default, ...settings } = smtp(mailbox.port) as Record<string, unknown>; // its shape is the stack's
  const sent = await admin.post<{ accepted: boolean }>('/api/mail/test-mail', {
    settings,
    recipient: 'me@example.org',
  });
  expect(sent.accepted).toBe(true);
  expect((await mailbox.waitFor(1))[0]?.subject).toBe('Test mail of Signalpost (new, not saved)');
  expect((await admin.get<{ items: unknown[] }>('/api/mail/servers')).items).toHaveLength(1);
});
