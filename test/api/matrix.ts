import { type Kind, PASSWORD, type Side } from './side.js';

/** What a call sends, made when it is sent. */
type Made<T> = (side: Side) => T | Promise<T>;

/** Who may call a route: letters of `ROLES`; `+` everyone who is signed in, `*` everybody. */
export interface Rule {
  readonly may: string;
  /** What who may call it gets for an own thing. */
  readonly answer?: number;
  /** What a system administrator gets, where that is something else. */
  readonly answerOfSystem?: number;
  /** What the path names. Of another scope it does not exist: 404. */
  readonly of?: Kind;
  /** Each call needs a thing of its own. */
  readonly usesUp?: true;
  /** What the path names besides, or where it belongs to nobody. */
  readonly at?: readonly string[];
  /** The caller is signed out by it, and signs in for each call. */
  readonly endsSession?: true;
  readonly query?: string | Made<string>;
  readonly body?: Made<unknown>;
  /** The change names the revision that it was made on. */
  readonly ifMatch?: true;
  /** Why a change leaves nothing in the audit log; all others must. */
  readonly unaudited?: string;
}

/** System administrator, tenant administrator, tenant operator, customer user. */
export const ROLES = { S: 'system', A: 'admin', O: 'operator', C: 'customer' } as const;

const LOOKS = 'nothing is changed';
const REFUSED = 'what this test sends is refused; the spec of the room shows the record';

const COMMENT: Made<unknown> = (side) => ({ text: `Seen by ${side.name()}` });
const NAMED: Made<unknown> = (side) => ({ name: side.name() });
const PROOF: Made<unknown> = () => ({ currentPassword: PASSWORD });
const CODE: Made<unknown> = () => ({ way: 'totp', code: '000000' });
const LINK: Made<unknown> = () => ({ token: 'no-such-link' });

const oauthApplication: Made<unknown> = (side) => ({
  name: side.name(),
  provider: 'custom',
  clientId: 'client',
  tokenUrl: 'https://login.example.org/token',
  clientSecret: { change: 'set', value: 'a-client-secret' },
});

const mailServer: Made<unknown> = (side) => ({
  name: side.name(),
  settings: { provider: 'sandbox', from: 'Signalpost <noreply@example.org>' },
});

/** Nobody answers there. */
const identityProvider: Made<unknown> = (side) => ({
  name: side.name(),
  issuer: 'https://127.0.0.1:9',
  clientId: 'client',
  clientSecret: { change: 'clear' },
  allowedDomains: ['example.org'],
  newUsers: 'refuse',
  role: 'tenant-operator',
  customerId: null,
  active: true,
});
const NOBODY = '00000000-0000-0000-0000-000000000000';

const unsavedServer = (_side: Side) => ({
  settings: { provider: 'sandbox', from: 'Signalpost <noreply@example.org>' },
});

const connector: Made<unknown> = (side) => ({ name: side.name(), kind: 'http', host: '127.0.0.1', port: 3128 });
const namedSecret: Made<unknown> = (side) => ({ name: side.name(), value: { change: 'set', value: 'a-named-secret' } });
const words = { subject: 'Hello', html: '<p>Hello</p>', text: null };
const TEMPLATE = ['test', 'en'];

/** The revision that was read, beside what changes. */
const onRevision =
  (path: string, changes: object): Made<unknown> =>
  async (side) => {
    const { revision } = await side.chief.get<{ revision: number }>(path);
    return { ...changes, revision };
  };

/** Every route of the HTTP API with who may call it. One that is not in openapi.json fails, and one that is only there. */
export const MATRIX: Readonly<Record<string, Rule>> = {
  // signing in
  'POST /api/auth/sign-in': { may: '*', answer: 400, unaudited: REFUSED },
  'POST /api/auth/sign-out': { may: '*', answer: 204, endsSession: true },
  'GET /api/auth/password-policy': { may: '*' },
  'POST /api/auth/password-reset': {
    may: '*',
    answer: 204,
    body: () => ({ email: 'nobody@example.org' }),
    unaudited: 'nobody has the address',
  },
  'POST /api/auth/links/look': { may: '*', answer: 410, body: LINK, unaudited: LOOKS },
  'POST /api/auth/links/activate': { may: '*', answer: 400, body: LINK, unaudited: REFUSED },
  'POST /api/auth/links/renew': { may: '*', answer: 204, body: LINK, unaudited: 'there is no such link' },
  'POST /api/auth/links/reset-password': { may: '*', answer: 400, body: LINK, unaudited: REFUSED },
  'POST /api/auth/links/confirm-address': { may: '*', answer: 410, body: LINK, unaudited: REFUSED },
  'POST /api/auth/links/unlock': { may: '*', answer: 410, body: LINK, unaudited: REFUSED },
  'GET /api/auth/second-factor': { may: '*', answer: 401 },
  'POST /api/auth/second-factor': { may: '*', answer: 401, body: CODE, unaudited: REFUSED },
  'POST /api/auth/second-factor/email': { may: '*', answer: 401, unaudited: REFUSED },
  'POST /api/auth/second-factor/enrol': { may: '*', answer: 401, unaudited: REFUSED },
  'POST /api/auth/second-factor/enrol/confirm': {
    may: '*',
    answer: 401,
    body: () => ({ code: '000000' }),
    unaudited: REFUSED,
  },
  'GET /api/auth/oidc/{tenantId}': { may: '*', answer: 404, at: [NOBODY] },
  'GET /api/auth/oidc/{tenantId}/start': { may: '*', answer: 404, at: [NOBODY] },
  'GET /api/auth/oidc/{tenantId}/callback': { may: '*', answer: 404, at: [NOBODY] },
  'GET /api/identity-provider': { may: 'A' },
  'PUT /api/identity-provider': { may: 'A', answer: 409, body: identityProvider, unaudited: REFUSED },
  'DELETE /api/identity-provider': { may: 'A', answer: 404, unaudited: 'there is none' },
  'GET /api/session': { may: '+' },
  'GET /api/setup': { may: '*' },
  'POST /api/setup': { may: '*', answer: 400, unaudited: REFUSED },

  // one's own account
  'GET /api/account': { may: '+' },
  'PUT /api/account': {
    may: '+',
    body: (side) => ({ name: side.name(), language: null, timeZone: null }),
  },
  'POST /api/account/password': {
    may: '+',
    answer: 403,
    body: () => ({ currentPassword: 'wrong', newPassword: 'another-long-secret' }),
    unaudited: REFUSED,
  },
  'POST /api/account/address': {
    may: '+',
    answer: 204,
    body: (side) => ({ email: `${side.name().replaceAll(' ', '-')}@example.org`, currentPassword: PASSWORD }),
  },
  'DELETE /api/account/address': { may: '+', answer: 204, unaudited: 'nothing waits to be confirmed' },
  'GET /api/account/sessions': { may: '+' },
  'DELETE /api/account/sessions/{id}': { may: '+', answer: 204, of: 'session', usesUp: true },
  'DELETE /api/account/sessions': { may: '+', answer: 204, endsSession: true },
  'GET /api/account/two-factor': { may: '+' },
  'POST /api/account/two-factor/enrol': { may: '+', body: PROOF, unaudited: 'it holds once it is confirmed' },
  'POST /api/account/two-factor/confirm': {
    may: '+',
    answer: 401,
    body: () => ({ code: '000000' }),
    unaudited: REFUSED,
  },
  'PUT /api/account/two-factor/email-codes': {
    may: '+',
    body: () => ({ enabled: false, currentPassword: PASSWORD }),
    unaudited: 'they were not switched on',
  },
  'POST /api/account/two-factor/recovery-codes': { may: '+', body: PROOF },
  'POST /api/account/two-factor/disable': { may: '+', body: PROOF, unaudited: 'it was not switched on' },
  'GET /api/account/notices': { may: 'SAO' },
  'PUT /api/account/notices': { may: 'SAO', body: (side) => side.notices(null) },
  'GET /api/account/api-tokens': { may: '+' },
  'POST /api/account/api-tokens': { may: '+', answer: 201, body: NAMED },
  'DELETE /api/account/api-tokens/{id}': { may: '+', answer: 204, of: 'api-token', usesUp: true },

  // people
  'GET /api/tenants': { may: 'S' },
  'POST /api/tenants': { may: 'S', answer: 201, body: NAMED },
  'GET /api/tenants/form': { may: 'S' },
  'GET /api/tenants/{id}': { may: 'S', of: 'tenant' },
  'PUT /api/tenants/{id}': { may: 'S', of: 'tenant', usesUp: true, ifMatch: true, body: NAMED },
  'DELETE /api/tenants/{id}': {
    may: 'S',
    answer: 204,
    of: 'tenant',
    usesUp: true,
    query: (side) => `confirm=${encodeURIComponent(side.lastName)}`,
  },
  'GET /api/users': { may: 'SAO' },
  'GET /api/users/{id}': { may: 'SAO', of: 'user' },
  'POST /api/users': { may: 'SA', answer: 201, body: (side) => side.invitation() },
  'POST /api/users/invitations': {
    may: 'A',
    body: (side) => ({ rows: [{ email: side.freeAddress(), role: 'tenant-operator' }] }),
  },
  'PUT /api/users/{id}': { may: 'SA', of: 'user', usesUp: true, ifMatch: true, body: (side) => side.userChanges() },
  'DELETE /api/users/{id}': { may: 'SA', answer: 204, of: 'user', usesUp: true },
  'POST /api/users/{id}/invitation': { may: 'SA', of: 'user', usesUp: true },
  'POST /api/users/{id}/link': { may: 'SA', answer: 201, of: 'user', usesUp: true },
  'POST /api/users/{id}/disable': { may: 'SA', of: 'user', usesUp: true },
  'POST /api/users/{id}/enable': { may: 'SA', of: 'disabled user', usesUp: true },
  'POST /api/users/{id}/unlock': { may: 'SA', of: 'user', usesUp: true, unaudited: 'it was not locked' },
  'DELETE /api/users/{id}/two-factor': { may: 'SA', answer: 204, of: 'user', usesUp: true },
  'GET /api/sign-in-policy': { may: 'SA' },
  'PUT /api/sign-in-policy': {
    may: 'SA',
    body: () => ({ twoFactorRequiredFor: [] }),
    unaudited: 'it said so before',
  },
  'GET /api/customers': { may: 'AOC' },
  'POST /api/customers': { may: 'A', answer: 201, body: NAMED },
  'GET /api/customers/{id}': { may: 'AOC', of: 'customer' },
  'PUT /api/customers/{id}': { may: 'A', of: 'customer', usesUp: true, ifMatch: true, body: NAMED },
  'DELETE /api/customers/{id}': { may: 'A', answer: 204, of: 'customer', usesUp: true },
  'GET /api/notices': { may: 'SA' },
  'GET /api/notice-defaults': { may: 'SA' },
  'PUT /api/notice-defaults': { may: 'SA', body: (side) => side.notices([]) },
  'GET /api/audit': { may: 'SA' },
  'GET /api/audit/export': { may: 'SA' },

  // devices and what they say
  'GET /api/devices': { may: 'AOC' },
  'POST /api/devices': { may: 'A', answer: 201, body: NAMED },
  'GET /api/devices/{id}': { may: 'AOC', of: 'device' },
  'DELETE /api/devices/{id}': { may: 'A', answer: 204, of: 'device', usesUp: true },
  'POST /api/devices/{id}/access-token': { may: 'A', of: 'device', usesUp: true },
  'GET /api/devices/{id}/attributes': { may: 'AOC', of: 'device' },
  'PUT /api/devices/{id}/attributes/{scope}': {
    may: 'A',
    answer: 204,
    of: 'attribute scope',
    body: (side) => ({ values: { [side.name()]: 1 } }),
  },
  'DELETE /api/devices/{id}/attributes/{scope}/{key}': { may: 'A', answer: 204, of: 'attribute', usesUp: true },
  'GET /api/devices/{id}/telemetry/latest': { may: 'AOC', of: 'device' },
  'GET /api/alarms': { may: 'AOC' },
  'GET /api/alarms/counts': { may: 'AOC' },
  'GET /api/alarms/{id}': { may: 'AOC', of: 'alarm' },
  'POST /api/alarms/{id}/acknowledge': { may: 'AOC', of: 'alarm', usesUp: true },
  'POST /api/alarms/{id}/clear': { may: 'AC', of: 'alarm', usesUp: true },
  'POST /api/alarms/{id}/mute': { may: 'AO', of: 'alarm', usesUp: true, body: () => ({ until: 'cleared' }) },
  'POST /api/alarms/{id}/unmute': { may: 'AO', of: 'muted alarm', usesUp: true },
  'GET /api/alarms/{id}/comments': { may: 'AOC', of: 'alarm' },
  'POST /api/alarms/{id}/comments': { may: 'AOC', answer: 201, of: 'alarm', body: COMMENT },
  'PATCH /api/alarms/{id}/comments/{commentId}': { may: 'AOC', of: 'alarm comment', usesUp: true, body: COMMENT },
  'DELETE /api/alarms/{id}/comments/{commentId}': { may: 'AOC', answer: 204, of: 'alarm comment', usesUp: true },
  'GET /api/events': { may: '+', query: 'topics=alarms' },

  // rule chains
  'GET /api/rule-chains': { may: 'AO' },
  'GET /api/rule-chains/{id}': { may: 'AO', of: 'rule-chain' },
  'POST /api/rule-chains/import': { may: 'A', answer: 201, body: (side) => side.chain() },
  'GET /api/rule-chains/{id}/export': { may: 'A', of: 'rule-chain' },
  'POST /api/rule-chains/{id}/root': { may: 'A', of: 'rule-chain' },
  'DELETE /api/rule-chains/{id}': { may: 'A', answer: 204, of: 'rule-chain', usesUp: true },
  'GET /api/rule-chains/{id}/debug-events': { may: 'AO', of: 'rule-chain' },
  'POST /api/rule-chains/{id}/nodes/{nodeId}/debug': {
    may: 'A',
    of: 'rule-chain node',
    body: () => ({ failures: true, minutes: 0 }),
  },
  'GET /api/dead-letters': { may: 'AO' },
  'POST /api/dead-letters/{id}/replay': { may: 'A', answer: 204, of: 'dead-letter', usesUp: true },
  'DELETE /api/dead-letters/{id}': { may: 'A', answer: 204, of: 'dead-letter', usesUp: true },

  // mails
  'GET /api/inbox/messages': { may: 'SAO' },
  'GET /api/inbox/messages/{id}': { may: 'SAO', of: 'inbox-message' },
  'GET /api/inbox/messages/{id}/source': { may: 'SAO', of: 'inbox-message' },
  'DELETE /api/inbox/messages/{id}': { may: 'SA', answer: 204, of: 'inbox-message', usesUp: true },
  'DELETE /api/inbox/messages': { may: 'SA', answer: 204 },
  'GET /api/mail/deliveries': { may: 'SAO' },
  'GET /api/mail/deliveries/counts': { may: 'SAO' },
  'GET /api/mail/deliveries/{id}': { may: 'SAO', of: 'delivery' },
  // The system's mails of this test were accepted: there is nothing to cancel or to send again.
  'POST /api/mail/deliveries/{id}/cancel': { may: 'SA', answerOfSystem: 409, of: 'delivery', usesUp: true },
  'POST /api/mail/deliveries/{id}/retry': {
    may: 'SA',
    answerOfSystem: 409,
    of: 'delivery that can be retried',
    usesUp: true,
  },
  'GET /api/branding': { may: 'SA' },
  'PUT /api/branding': {
    may: 'SA',
    body: onRevision('/api/branding', { productName: 'Plant', accent: null, header: null }),
  },
  'DELETE /api/branding': { may: 'SA', answer: 204 },
  'GET /api/mail/templates': { may: 'SA' },
  'GET /api/mail/templates/{id}/{language}': { may: 'SA', at: TEMPLATE },
  'PUT /api/mail/templates/{id}/{language}': {
    may: 'SA',
    at: TEMPLATE,
    body: onRevision('/api/mail/templates/test/en', words),
  },
  'DELETE /api/mail/templates/{id}/{language}': { may: 'SA', at: TEMPLATE, answer: 204 },
  'GET /api/mail/templates/{id}/{language}/history': { may: 'SA', at: TEMPLATE },
  'POST /api/mail/templates/{id}/{language}/preview': { may: 'SA', at: TEMPLATE, body: () => words, unaudited: LOOKS },
  'POST /api/mail/templates/{id}/{language}/send-to-me': { may: 'SA', at: TEMPLATE, body: () => words },

  // mail servers
  'GET /api/mail/providers': { may: 'SAO' },
  'GET /api/mail/server-form': { may: 'SA' },
  'GET /api/mail/servers': { may: 'SAO' },
  'POST /api/mail/servers': { may: 'SA', answer: 201, body: mailServer },
  'GET /api/mail/servers/{id}': { may: 'SAO', of: 'mail-server' },
  'PUT /api/mail/servers/{id}': { may: 'SA', of: 'mail-server', usesUp: true, ifMatch: true, body: mailServer },
  'DELETE /api/mail/servers/{id}': { may: 'SA', answer: 204, of: 'mail-server', usesUp: true },
  'GET /api/mail/servers/{id}/usage': { may: 'SA', of: 'mail-server' },
  'POST /api/mail/servers/{id}/diagnose': { may: 'SA', of: 'mail-server', body: () => ({}), unaudited: LOOKS },
  'POST /api/mail/servers/{id}/test-mail': {
    may: 'SA',
    of: 'mail-server',
    body: () => ({ recipient: 'me@example.org' }),
    unaudited: LOOKS,
  },
  'POST /api/mail/diagnose': { may: 'SA', body: unsavedServer, unaudited: LOOKS },
  'POST /api/mail/test-mail': {
    may: 'SA',
    body: (side) => ({ ...unsavedServer(side), recipient: 'me@example.org' }),
    unaudited: LOOKS,
  },
  'GET /api/mail/test-mails/{id}': { may: 'SA', of: 'test-mail' },
  'GET /api/mail/test-mails/arrived/{token}': { may: '*', answer: 404, at: ['unknown'] },
  'POST /api/mail/test-mails/arrived/{token}': { may: '*', answer: 404, at: ['unknown'], unaudited: REFUSED },
  'GET /api/mail/secrets': { may: 'SA' },
  'POST /api/mail/secrets': { may: 'SA', answer: 201, body: namedSecret },
  'GET /api/mail/secrets/{id}': { may: 'SA', of: 'mail-secret' },
  'PUT /api/mail/secrets/{id}': { may: 'SA', of: 'mail-secret', usesUp: true, ifMatch: true, body: namedSecret },
  'DELETE /api/mail/secrets/{id}': { may: 'SA', answer: 204, of: 'mail-secret', usesUp: true },
  'GET /api/mail/connectors': { may: 'SAO' },
  'POST /api/mail/connectors': { may: 'S', answer: 201, body: connector },
  'GET /api/mail/connectors/{id}': { may: 'S', of: 'connector' },
  'PUT /api/mail/connectors/{id}': { may: 'S', of: 'connector', usesUp: true, ifMatch: true, body: connector },
  'DELETE /api/mail/connectors/{id}': { may: 'S', answer: 204, of: 'connector', usesUp: true },

  // OAuth
  'GET /api/mail/oauth/applications': { may: 'SAO' },
  'POST /api/mail/oauth/applications': { may: 'SA', answer: 201, body: oauthApplication },
  'GET /api/mail/oauth/applications/{id}': { may: 'SAO', of: 'oauth-application' },
  'PUT /api/mail/oauth/applications/{id}': { may: 'SA', of: 'oauth-application', usesUp: true, body: oauthApplication },
  'DELETE /api/mail/oauth/applications/{id}': { may: 'SA', answer: 204, of: 'oauth-application', usesUp: true },
  'GET /api/mail/servers/{id}/oauth': { may: 'SAO', of: 'oauth-server' },
  'POST /api/mail/servers/{id}/oauth/authorize': { may: 'SA', of: 'oauth-server', body: () => ({}) },
  'POST /api/mail/servers/{id}/oauth/complete': {
    may: 'SA',
    of: 'oauth-server',
    answer: 409,
    body: () => ({ address: 'http://localhost/?state=unknown&code=1' }),
    unaudited: REFUSED,
  },
  'POST /api/mail/servers/{id}/oauth/device': { may: 'SA', of: 'oauth-server', answer: 409, unaudited: REFUSED },
  'POST /api/mail/servers/{id}/oauth/hand-over': { may: 'SA', of: 'oauth-server' },
  'POST /api/mail/servers/{id}/oauth/refresh': { may: 'SA', of: 'oauth-server' },
  'DELETE /api/mail/servers/{id}/oauth': { may: 'SA', of: 'oauth-server', unaudited: 'nobody had consented' },
  'GET /api/mail/oauth/callback': { may: '*', answer: 400 },
  'GET /api/mail/oauth/hand-over/{token}': { may: '*', answer: 400, at: ['unknown'] },
  'GET /api/mail/oauth/hand-over/{token}/start': { may: '*', answer: 400, at: ['unknown'] },
};
