import { beforeEach, describe, expect, it } from 'vitest';
import { ProviderMemory } from './provider-memory';
import { TEMPLATES } from './templates.testing';

let memory: ProviderMemory;
beforeEach(() => (memory = new ProviderMemory(TEMPLATES)));

const chosen = (settings: Readonly<Record<string, unknown>>, id: string) => memory.choose(settings, id).settings;

describe('choosing a provider', () => {
  it('fills in where it is, how to sign in and what it allows', () => {
    expect(chosen({ from: 'a@b.example' }, 'microsoft-365')).toEqual({
      from: 'a@b.example',
      provider: 'microsoft-365',
      transport: 'smtp',
      ...{ host: 'smtp.office365.com', port: 587, tls: 'starttls' },
      auth: { kind: 'oauth2', flow: 'authorizationCode' },
      ...{ maxConnections: 3, messagesPerMinute: 30 },
    });
  });

  it('takes back what only the other one needed', () => {
    const settings = chosen({ ...chosen({}, 'microsoft-365'), transport: 'graph' }, 'sendgrid');
    expect(settings).toMatchObject({
      transport: 'smtp',
      host: 'smtp.sendgrid.net',
      auth: { kind: 'basic', username: 'apikey' },
    });
    expect(settings).not.toHaveProperty('messagesPerMinute');
  });

  it('leaves a limit that a person has set', () => {
    expect(chosen({ ...chosen({}, 'microsoft-365'), messagesPerMinute: 5 }, 'sendgrid')).toMatchObject({
      messagesPerMinute: 5,
    });
  });

  it('asks for a host where there is no one host, and for no word that was the other one’s', () => {
    expect(chosen(chosen({}, 'sendgrid'), 'custom')).toMatchObject({ host: '', auth: { kind: 'basic' } });
    expect(chosen(chosen({}, 'sendgrid'), 'custom')).not.toHaveProperty('auth.username');
  });

  it('tells what it changed, and no secret', () => {
    const before = {
      ...chosen({}, 'sendgrid'),
      auth: { kind: 'basic', username: 'apikey', password: { change: 'set', value: 's3' } },
    };
    const { changes } = memory.choose(before, 'microsoft-365');
    expect(changes).toContainEqual({ name: 'host', before: 'smtp.sendgrid.net', after: 'smtp.office365.com' });
    expect(JSON.stringify(changes)).not.toContain('s3');
  });
});

it('switching back restores what was there, and keeps what is no business of a provider', () => {
  const typed = { ...chosen({}, 'custom'), host: 'mail.example.org', port: 2525 };
  const away = { ...chosen(typed, 'sendgrid'), from: 'new@example.org' };
  expect(chosen(away, 'custom')).toMatchObject({
    provider: 'custom',
    host: 'mail.example.org',
    port: 2525,
    from: 'new@example.org',
  });
});
