import { concernsServer, leftAloneMs, mailFailure, type MailFailure } from '../failures.js';
import { isSystemServer, type ServerRef } from '../servers/choose-server.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { MailTransport, NotSent, SendResult } from '../transport/mail-transport.js';
import type { ClaimedMail, ServerVersion, WaitingGroup, Want } from './delivery-rows.js';
import { RULE_MAIL_PRIORITY } from './outbox.js';
import { delayAfter, SERVER_BACK_OFF } from './retry-policy.js';

/** Mails under way for one connection: enough to never run dry, few enough to be lost by nobody. */
const UNDER_WAY_PER_CONNECTION = 4;
/** Claims begin while this share of the bound is still under way, so that connections do not run dry. */
const REFILL_AT = 0.5;
/** Before the settings are known. */
const FIRST_CLAIM = 8;
/** What a refused sign-in says about a server holds for so long: asking again with each mail gets accounts locked. */
const VERDICT_MS = 30_000;
/** A server that wishes to be left alone for longer is asked again all the same. */
const LONGEST_WISH_MS = 60 * 60_000;

export interface ReadyMail {
  readonly mail: ClaimedMail;
  readonly sender: string;
  /** Who has no answer yet, and who gets a copy by the server's settings. */
  readonly recipients: readonly string[];
  readonly messageId: string;
  readonly raw: Buffer;
}

/** A transport answers with failures; what it throws, like an error of the database that has the tokens, is none of the server's. */
const unknownOutcome = (): SendResult => ({
  ok: false,
  failure: mailFailure('outcome-unknown'),
  reply: null,
  refused: [],
});

/** How a lane reaches a server: one revision of its settings, with one token's time. */
export interface Line {
  readonly route: MailRoute;
  readonly version: ServerVersion;
  readonly transport: MailTransport;
  /** Sends under way over it. */
  active: number;
}

export interface Sent {
  readonly ready: ReadyMail;
  readonly line: Line;
  readonly result: SendResult;
  readonly durationMs: number;
  readonly serverDelayMs: number;
}

/**
 * What this process has under way for one server: its bound, its back-off, the mails claimed and not yet handed to a
 * connection. Mails of the system go first and have room of their own, also where tenants use the system's server.
 */
export class ServerLane {
  #line: Line | undefined;
  #queue: ReadyMail[] = [];
  readonly #sending = new Set<Promise<void>>();
  #underWay = 0;
  #loading: Promise<void> | undefined;
  /** Somebody asked what is wanted while mails were being loaded. */
  #asked = false;
  #failures = 0;
  #pausedUntil = 0;
  #verdict: { readonly failure: MailFailure; readonly until: number } | undefined;
  #lastTenant = '';

  constructor(
    readonly server: ServerRef,
    private readonly sent: (sent: Sent) => void,
  ) {}

  /** Whether what failed may fail again: neither settings nor consent are new. A new token alone is no reason to hope. */
  knows(version: ServerVersion | null): boolean {
    const mine = this.#line?.version;
    return mine?.revision === version?.revision && mine?.consentedAt === version?.consentedAt;
  }

  get line(): Line | undefined {
    return this.#line;
  }

  /** The server's last answer was a failure of its own. */
  get failing(): boolean {
    return this.#failures > 0;
  }

  get busy(): boolean {
    return this.#underWay > 0;
  }

  /** Another revision is another server for all we know: it is tried at once. */
  use(line: Line): void {
    const known = this.knows(line.version);
    this.#line = line;
    if (known) return;
    this.#failures = 0;
    this.#pausedUntil = 0;
    this.#verdict = undefined;
  }

  /** Until the server may be asked again; 0 = now. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /**
   * How many to claim of each tenant in turn; after a failure of the server one mail tries it.
   * @param renewed other settings than those that failed
   */
  wants(groups: readonly WaitingGroup[], renewed: boolean): Want[] {
    if (renewed) this.#failures = 0;
    this.#asked = this.#loading !== undefined;
    if (this.#asked) return [];
    let planned = 0;
    return [...Map.groupBy(groups, ({ priority }) => priority)]
      .sort(([one], [other]) => one - other)
      .flatMap(([priority, ofPriority]) => {
        const share = this.#share(ofPriority, this.#room(priority) - planned);
        planned += share.reduce((sum, { take }) => sum + take, 0);
        return share;
      });
  }

  /** Until `work` has ended, what was picked is not claimed yet: nothing more is wanted, or it would be picked again. */
  load(mails: number, work: () => Promise<void>): Promise<void> {
    this.#underWay += mails;
    const loading = work().finally(() => (this.#loading = undefined));
    this.#loading = loading;
    return loading;
  }

  /** Ends when nothing is being loaded, whatever became of it. */
  async loaded(): Promise<void> {
    await this.#loading?.catch(() => undefined);
  }

  /** Settled, given back, or not claimed. */
  done(mails: number): void {
    this.#underWay -= mails;
  }

  /** Whether enough room came free for a claim to be worth its statement. */
  get wantsMore(): boolean {
    if (this.#loading !== undefined || this.failing) return false;
    return this.#asked || this.#underWay <= this.#bound() * REFILL_AT;
  }

  add(ready: readonly ReadyMail[]): void {
    this.#queue = [...this.#queue, ...ready].sort((one, other) => one.mail.priority - other.mail.priority);
    this.pump();
  }

  /** Hands mails to the connections that are free. */
  pump(): void {
    const line = this.#line;
    while (line !== undefined && line.active < line.route.settings.maxConnections && this.pauseMs === 0) {
      const ready = this.#queue.shift();
      if (ready === undefined) return;
      const sending = this.#send(ready, line).finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }
  }

  /** Ends when every connection has its answer. */
  async quiet(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /** What no connection has yet. */
  takeBack(): ReadyMail[] {
    return this.#queue.splice(0);
  }

  #bound(): number {
    const connections = this.#line?.route.settings.maxConnections;
    return connections === undefined ? FIRST_CLAIM : connections * UNDER_WAY_PER_CONNECTION;
  }

  #room(priority: number): number {
    if (this.#failures > 0) return this.#underWay === 0 ? 1 : 0;
    const shared = isSystemServer(this.server) && priority >= RULE_MAIL_PRIORITY;
    const kept = shared ? Math.ceil(this.#bound() / UNDER_WAY_PER_CONNECTION) : 0;
    return Math.max(0, this.#bound() - kept - this.#underWay);
  }

  #share(groups: readonly WaitingGroup[], room: number): Want[] {
    const ordered = groups.toSorted((one, other) => (one.tenantId < other.tenantId ? -1 : 1));
    const next = ordered.findIndex(({ tenantId }) => tenantId > this.#lastTenant);
    const inTurn = next === -1 ? ordered : [...ordered.slice(next), ...ordered.slice(0, next)];
    const served = inTurn.slice(0, room);
    this.#lastTenant = served.at(-1)?.tenantId ?? this.#lastTenant;
    const each = served.length === 0 ? 0 : Math.floor(room / served.length);
    return served.map(({ server, priority, tenantId, version }) => ({
      server,
      priority,
      tenantId,
      version,
      take: each,
    }));
  }

  async #send(ready: ReadyMail, line: Line): Promise<void> {
    line.active++;
    const begun = performance.now();
    const known = line === this.#line ? this.#knownRefusal() : undefined;
    const { sender, recipients, messageId, raw } = ready;
    const result: SendResult =
      known === undefined
        ? await line.transport.send({ sender, recipients, messageId, raw }).catch(unknownOutcome)
        : { ok: false, failure: known, reply: null, refused: [] };
    line.active--;
    const serverDelayMs = this.#learn(line, result);
    this.sent({ ready, line, result, durationMs: performance.now() - begun, serverDelayMs });
  }

  #knownRefusal(): MailFailure | undefined {
    return this.#verdict !== undefined && this.#verdict.until > performance.now() ? this.#verdict.failure : undefined;
  }

  /** @returns how long the server is left alone */
  #learn(line: Line, result: SendResult): number {
    if (line !== this.#line) return 0;
    if (!result.ok && result.failure.code === 'auth-refused' && this.#knownRefusal() === undefined)
      this.#verdict = { failure: result.failure, until: performance.now() + VERDICT_MS };
    if (result.ok || !concernsServer(result.failure)) {
      this.#failures = 0;
      return 0;
    }
    if (this.pauseMs === 0) {
      this.#failures++;
      this.#pausedUntil = performance.now() + this.#pauseAfter(result);
    }
    return this.pauseMs;
  }

  /** As long as the server wishes, or the failure needs, and not less than the back-off. */
  #pauseAfter({ failure, retryAfterMs = leftAloneMs(failure) }: NotSent): number {
    return Math.max(delayAfter(this.#failures, SERVER_BACK_OFF), Math.min(retryAfterMs, LONGEST_WISH_MS));
  }
}
