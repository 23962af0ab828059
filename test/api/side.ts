import { readFileSync } from 'node:fs';

import { alarmAndMail } from '../stack/chains.js';
import type { Product } from '../stack/product.js';
import type { Visitor } from '../stack/visitor.js';

export const PASSWORD = 'a-long-enough-secret';

/** How the things that a path names are made, one for each call that uses one up; the others come from the world's stock. */
const MAKERS = {
  'alarm comment': async (side: Side, by: Visitor) => {
    const path = `/api/alarms/${side.one('alarm')}/comments`;
    return `${side.one('alarm')}/${await made(by, path, { text: side.name() })}`;
  },
  'api-token': (side: Side, by: Visitor) => made(by, '/api/account/api-tokens', { name: side.name() }),
  attribute: async (side: Side, by: Visitor) => {
    const scope = await attributeScope(side, by);
    await by.send('PUT', `/api/devices/${scope.replace('/', '/attributes/')}`, { values: { limit: 80 } });
    return `${scope}/limit`;
  },
  'attribute scope': (side: Side, by: Visitor) => attributeScope(side, by),
  connector: (side: Side, by: Visitor) =>
    made(by, '/api/mail/connectors', { name: side.name(), kind: 'http', host: '127.0.0.1', port: 3128 }),
  customer: (side: Side, by: Visitor) => made(by, '/api/customers', { name: side.name() }),
  device: (side: Side, by: Visitor) => made(by, '/api/devices', { name: side.name() }),
  'mail-secret': (side: Side, by: Visitor) =>
    made(by, '/api/mail/secrets', { name: side.name(), value: { change: 'set', value: 'a-named-secret' } }),
  'mail-server': (side: Side, by: Visitor) =>
    made(by, '/api/mail/servers', {
      name: side.name(),
      settings: { provider: 'sandbox', from: 'Signalpost <noreply@example.org>' },
    }),
  'muted alarm': async (side: Side, by: Visitor) => {
    const id = side.take('alarm');
    await by.post(`/api/alarms/${id}/mute`, { until: 'cleared' });
    return id;
  },
  'oauth-application': (side: Side, by: Visitor) => made(by, '/api/mail/oauth/applications', side.oauthApplication()),
  'oauth-server': async (side: Side, by: Visitor) => {
    const applicationId = await made(by, '/api/mail/oauth/applications', side.oauthApplication());
    const auth = {
      kind: 'oauth2',
      flow: 'authorizationCode',
      username: 'box@example.org',
      applicationId,
      scopes: ['mail'],
    };
    const settings = {
      provider: 'custom',
      from: 'box@example.org',
      host: '127.0.0.1',
      port: 2526,
      tls: 'starttls',
      auth,
    };
    return made(by, '/api/mail/servers', { name: side.name(), settings });
  },
  'rule-chain': async (side: Side, by: Visitor) =>
    (await by.post<{ chain: { id: string } }>('/api/rule-chains/import', side.chain())).chain.id,
  session: async (side: Side, _by: Visitor, role: string) => {
    const { items } = await (await side.another(role)).get<{ items: Session[] }>('/api/account/sessions');
    return items.find(({ current }) => current)!.id;
  },
  tenant: (side: Side, by: Visitor) => made(by, '/api/tenants', { name: side.name() }),
  'test-mail': (side: Side, by: Visitor) =>
    made(by, '/api/mail/test-mail', {
      settings: { provider: 'sandbox', from: 'Signalpost <noreply@example.org>' },
      recipient: side.freeAddress(),
    }),
  user: (side: Side, by: Visitor) => made(by, '/api/users', side.invitation()),
  'disabled user': async (side: Side, by: Visitor) => {
    const id = await made(by, '/api/users', side.invitation());
    await by.post(`/api/users/${id}/disable`);
    return id;
  },
  'delivery that can be retried': async (side: Side, by: Visitor) => {
    const id = side.take('delivery');
    if (!side.isSystem) await by.post(`/api/mail/deliveries/${id}/cancel`);
    return id;
  },
} as const satisfies Record<string, (side: Side, by: Visitor, role: string) => Promise<string>>;

interface Session {
  readonly id: string;
  readonly current: boolean;
}

const attributeScope = async (side: Side, by: Visitor): Promise<string> =>
  `${await made(by, '/api/devices', { name: side.name() })}/SHARED_SCOPE`;

const made = async (by: Visitor, path: string, body: object): Promise<string> =>
  (await by.post<{ id: string }>(path, body)).id;

/** Things that a path names; each belongs to one scope. */
export type Kind = keyof typeof MAKERS | 'alarm' | 'dead-letter' | 'delivery' | 'inbox-message' | 'rule-chain node';

/** Each person has their own, whatever the role. */
const PERSONAL: readonly Kind[] = ['api-token', 'session'];
/** Whose they are alone. */
const OF_SYSTEM: readonly Kind[] = ['connector', 'tenant'];
const OF_TENANT: readonly Kind[] = [
  'alarm comment',
  'muted alarm',
  'attribute',
  'attribute scope',
  'customer',
  'device',
  'rule-chain',
];

/** One scope with its people and its things, all of whose names carry its mark. */
export class Side {
  readonly #visitors = new Map<string, Visitor>();
  readonly #things = new Map<string, string[]>();
  #count = 0;

  constructor(
    readonly product: Product,
    /** Stands in every name inside, and nowhere else. */
    readonly mark: string,
    /** Who is in it; the first one administers it. */
    readonly roles: readonly string[],
  ) {}

  get isSystem(): boolean {
    return this.roles.includes('system');
  }

  /** Whoever administers it. */
  get chief(): Visitor {
    return this.as(this.roles[0]!);
  }

  async signIn(): Promise<void> {
    for (const role of this.roles) await this.signInAgain(role);
    const token = { name: this.name(), scopes: ['read'] };
    const created = await this.chief.post<{ token: string }>('/api/account/api-tokens', token);
    this.#visitors.set('token', this.product.bearer(created.token));
  }

  async signInAgain(role: string): Promise<void> {
    this.#visitors.set(role, await this.another(role));
  }

  as(role: string): Visitor {
    const visitor = this.#visitors.get(role);
    if (visitor === undefined) throw new Error(`${this.mark} has no ${role}`);
    return visitor;
  }

  /** A session of its own for the same person. */
  another(role: string): Promise<Visitor> {
    return this.product.signIn(this.person(role).email, PASSWORD);
  }

  person(role: string) {
    return { email: `${role}@${this.mark}.example`, name: `${this.mark} ${role}`, password: PASSWORD };
  }

  /** One of each kind, to look at. */
  async fill(): Promise<void> {
    const kinds = Object.keys(MAKERS) as (keyof typeof MAKERS)[];
    const notHere = this.isSystem ? OF_TENANT : OF_SYSTEM;
    for (const kind of kinds.filter((one) => !notHere.includes(one))) {
      const owners = PERSONAL.includes(kind) ? this.roles : this.roles.slice(0, 1);
      for (const role of owners) this.keep(keyOf(kind, role), [await this.make(kind, role)]);
    }
  }

  keep(key: string, ids: readonly string[]): void {
    this.#things.set(key, [...(this.#things.get(key) ?? []), ...ids]);
  }

  has(key: string): boolean {
    return this.#things.has(key);
  }

  /** Looks at one, which stays. */
  one(kind: string, role = this.roles[0]!): string {
    const id = this.#things.get(keyOf(kind, role))?.[0];
    if (id === undefined) throw new Error(`${this.mark} has no ${kind}`);
    return id;
  }

  /** One for a call that uses it up; the first one stays for those who only look. */
  take(kind: string): string {
    const things = this.#things.get(kind) ?? [];
    const id = things.length > 1 ? things.pop() : undefined;
    if (id === undefined) throw new Error(`${this.mark} has no ${kind} to spare`);
    return id;
  }

  /** A new one, or one of the stock. */
  make(kind: Kind, role: string): Promise<string> {
    const maker = isMade(kind) ? MAKERS[kind] : undefined;
    return maker === undefined ? Promise.resolve(this.take(kind)) : maker(this, this.as(role), role);
  }

  /** A name that nothing else has. */
  name(): string {
    this.#count += 1;
    return this.lastName;
  }

  /** The one that was given last. */
  get lastName(): string {
    return `${this.mark} ${this.#count}`;
  }

  freeAddress(): string {
    return `${this.name().replaceAll(' ', '-')}@example.org`;
  }

  /** Somebody who may stand in this scope. */
  invitation(): object {
    return { email: this.freeAddress(), name: this.lastName, role: this.#role, sendMail: false };
  }

  userChanges(): object {
    return { name: this.name(), language: null, role: this.#role };
  }

  /** A rule-chain file. */
  chain(): object {
    return JSON.parse(readFileSync(alarmAndMail(this.product.home), 'utf8')) as object;
  }

  oauthApplication(): object {
    const endpoints = {
      authorizationUrl: 'https://login.example.org/authorize',
      tokenUrl: 'https://login.example.org/token',
    };
    const clientSecret = { change: 'set', value: 'a-client-secret' };
    return { name: this.name(), provider: 'custom', clientId: 'client', ...endpoints, clientSecret };
  }

  /** The same said of every notice. */
  async notices(value: unknown): Promise<object> {
    const { items } = await this.chief.get<{ items: { notice: string }[] }>('/api/account/notices');
    return { notices: Object.fromEntries(items.map(({ notice }) => [notice, value])) };
  }

  get #role(): string {
    return this.isSystem ? 'system-administrator' : 'tenant-operator';
  }
}

const isMade = (kind: Kind): kind is keyof typeof MAKERS => Object.hasOwn(MAKERS, kind);
const keyOf = (kind: string, role: string): string =>
  PERSONAL.some((one) => one === kind) ? `${kind} of ${role}` : kind;
