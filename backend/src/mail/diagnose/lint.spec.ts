import { expect, it } from 'vitest';

import { lint, LINT_RULES } from './lint.js';

const codes = (settings: Parameters<typeof lint>[0]): string[] => lint(settings).map(({ code }) => code);

it.each(LINT_RULES.map((rule) => [rule.code, rule] as const))('finds %s, and only where it is', (code, rule) => {
  for (const settings of rule.wrong) expect(codes(settings)).toContain(code);
  for (const settings of rule.right) expect(codes(settings)).not.toContain(code);
});

it('says message and fix in plain sentences, and names each code once', () => {
  const findings = LINT_RULES.flatMap(({ wrong }) => wrong.flatMap((settings) => lint(settings)));
  for (const { message, fix, field } of findings) {
    for (const text of [message, fix]) expect(text).toMatch(/^["A-Z].*\.$/);
    expect(field).toMatch(/^\/[\w/]+$/);
  }
  expect(LINT_RULES.map(({ code }) => code)).toEqual([...new Set(LINT_RULES.map(({ code }) => code))]);
});

it('finds every mistake of a sample that was published for years', () => {
  const found = codes({
    host: '127.0.0.1',
    port: 2465,
    tls: 'none',
    from: 'notify@example.org',
    auth: {
      kind: 'oauth2',
      flow: 'clientCredentials',
      username: 'notify@example.org',
      scopes: ['https://outlook.office365.com/SMPT.Send', 'offline_access'],
      authorizationUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize ',
      tokenUrl: '[https://login.microsoftonline.com/common/oauth2/v2.0/token](https://login.microsoftonline.com/)',
    },
  });
  expect(new Set(found)).toEqual(
    new Set([
      'scope-typo',
      'delegated-scope-without-person',
      'authorization-url-unused',
      'blanks-around',
      'markdown-link',
      'credentials-in-clear',
    ]),
  );
});

it('finds nothing in settings that are right, and tells the worst first', () => {
  const auth = { kind: 'basic', username: 'alarm@example.org', password: 'abcdefghijklmnop' };
  expect(lint({ host: 'smtp.gmail.com', port: 587, tls: 'starttls', from: 'Plant <alarm@example.org>', auth })).toEqual(
    [],
  );
  const wrong = lint({ host: 'smpt.gmail.com', port: 465, tls: 'starttls', auth });
  expect(wrong.map(({ severity }) => severity)).toEqual(['error', 'warning']);
});

it('repeats no secret', () => {
  const auth = { password: 'tell nobody ', clientSecret: '0f8fad5b-d9cb-469f-a165-70867728950e' };
  expect(JSON.stringify(lint({ host: 'smtp.office365.com', auth }))).not.toMatch(/tell nobody|0f8fad5b/);
});
