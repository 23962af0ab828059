import { describe, expect, it } from 'vitest';
import type { MailServer } from '../mail-server-api';
import { MICROSOFT } from '../providers/templates.testing';
import { merged } from '../../../ui/schema-form/json-value';
import { freeName, inputOf, opened } from './server-draft';
import { followed } from './settings-rules';

const SERVER: MailServer = {
  ...{ id: 's1', name: 'DEFAULT', description: '', default: true, fallback: false, active: true, managed: false },
  ...{ revision: 3, updatedAt: 0, problems: [] },
  settings: {
    provider: 'custom',
    host: 'a.example',
    auth: { kind: 'basic', username: 'me', password: { isSet: true, changedAt: 7, named: null } },
  },
};

describe('a saved server', () => {
  it('is opened with its secrets kept, and what is known of them beside it', () => {
    const { draft, secrets } = opened(SERVER);
    expect(draft.settings).toMatchObject({ auth: { password: { change: 'keep' } } });
    expect([...secrets]).toEqual([['/auth/password', { isSet: true, changedAt: 7, named: null }]]);
  });

  it('goes back as it is shown, without leftovers', () => {
    const schema = { type: 'object', properties: { host: { type: 'string' } } };
    const { draft } = opened(SERVER);
    expect(inputOf({ ...draft, name: ' DEFAULT ' }, schema)).toMatchObject({
      name: 'DEFAULT',
      settings: { provider: 'custom', host: 'a.example' },
    });
  });

  it('that two people changed keeps what both said, mine over theirs', () => {
    const before = opened(SERVER).draft;
    const mine = { ...before, settings: { ...before.settings, host: 'mine.example' } };
    const theirs = {
      ...before,
      description: 'theirs',
      settings: { ...before.settings, host: 'theirs.example', port: 25 },
    };
    expect(merged(before, mine, theirs)).toMatchObject({
      description: 'theirs',
      settings: { host: 'mine.example', port: 25 },
    });
  });
});

it('finds a name that is free', () => {
  expect(freeName('Google', ['DEFAULT'])).toBe('Google');
  expect(freeName('Google', ['Google', 'Google 2'])).toBe('Google 3');
});

describe('what a change brings with it', () => {
  it('is a port that fits the TLS mode, unless a person has typed another', () => {
    const settings = { tls: 'starttls', port: 587 };
    expect(followed(settings, { ...settings, tls: 'implicit' }, null)).toMatchObject({ port: 465 });
    expect(followed({ tls: 'starttls', port: 2525 }, { tls: 'implicit', port: 2525 }, null)).toMatchObject({
      port: 2525,
    });
  });

  it('is OAuth for an API, with the best flow of the provider', () => {
    const before = { transport: 'smtp', auth: { kind: 'basic', username: 'me' } };
    expect(followed(before, { ...before, transport: 'graph' }, MICROSOFT)).toMatchObject({
      auth: { kind: 'oauth2', flow: 'authorizationCode', username: 'me' },
    });
  });
});
