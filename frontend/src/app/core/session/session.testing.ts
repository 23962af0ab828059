import type { Role, Session } from '../api/models';

export function sessionOf(role: Role, change: Partial<Session> = {}): Session {
  return {
    user: { id: 'u1', email: 'ada@example.org', name: 'Ada', role, language: 'en', timeZone: null },
    tenant: { id: 't1', name: 'Demo' },
    sandboxInbox: true,
    demo: null,
    ...change,
  };
}
