import { expect, it } from 'vitest';

import type { CauseExample } from './causes/cause.js';
import { CAUSES, explain } from './explain.js';
import { DOCTOR_FACTS, type Observation, type ObservedContext } from './observation.js';
import { readReply } from './smtp-reply.js';

const CONTEXT: ObservedContext = { host: 'mail.example.org', port: 587, tls: 'starttls', auth: 'basic' };

function observation({ step, reply, error, fact, challenge, context }: CauseExample): Observation {
  const read = reply === undefined ? undefined : readReply(Buffer.from(`${reply.replaceAll('\n', '\r\n')}\r\n`));
  if (read !== undefined && read.kind !== 'reply') throw new Error(`${reply} is no reply`);
  return {
    step,
    ...(read === undefined ? {} : { reply: read.reply }),
    ...(error === undefined ? {} : { error }),
    ...(fact === undefined ? {} : { fact }),
    ...(challenge === undefined ? {} : { challenge }),
    context: { ...CONTEXT, ...context },
  };
}

it.each(CAUSES.flatMap(({ code, examples }) => examples.map((example) => [code, example] as const)))(
  'finds %s for each of its examples',
  (code, example) => {
    expect(explain(observation(example)).code).toBe(code);
  },
);

it('says cause and fix of every entry in plain sentences, and names each code once', () => {
  for (const { code, cause, fix } of CAUSES) {
    expect(code).toMatch(/^[a-z][a-z-]*$/);
    for (const text of [cause, fix]) expect(text).toMatch(/^[A-Z].{10,}\.$/s);
  }
  const codes = CAUSES.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)]);
});

it('explains everything that the doctor sees for itself', () => {
  for (const fact of DOCTOR_FACTS)
    expect([fact, explain({ step: 'ehlo', fact, context: CONTEXT }).code]).not.toContain('unknown');
});

it('offers the one click that helps', () => {
  const microsoft = { host: 'smtp.office365.com', apiTransport: 'graph' } as const;
  const offers = (example: CauseExample) => explain(observation(example)).offer;
  const disabled = '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.';
  expect(offers({ step: 'auth', reply: disabled, context: microsoft })).toEqual({
    kind: 'switch-transport',
    transport: 'graph',
  });
  const denied = '550 5.7.60 SMTP; Client does not have permissions to send as this sender';
  expect(offers({ step: 'mail-from', reply: denied, context: { username: 'box@example.org' } })).toEqual({
    kind: 'set-from',
    from: 'box@example.org',
  });
  expect(offers({ step: 'mail-from', reply: denied, context: { username: 'apikey' } })).toBeUndefined();
  const error = { code: 'ERR_SSL_WRONG_VERSION_NUMBER', message: 'wrong version number' };
  expect(offers({ step: 'tls', error, context: { tls: 'implicit', port: 587 } })).toEqual({
    kind: 'set-tls',
    tls: 'starttls',
    port: 587,
  });
});

it('admits what it does not know', () => {
  const seen = observation({ step: 'dns', error: { code: 'ESTRANGE', message: 'never seen' } });
  expect(explain(seen)).toMatchObject({ code: 'unknown', retry: 'yes' });
});
