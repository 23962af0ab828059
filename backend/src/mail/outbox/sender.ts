import type { Clock, Instance } from '../../db/index.js';
import type { Log } from '../../http/index.js';
import type { MailFailure } from '../failures.js';
import type { HeldPlace, MailGroup, OutboxNews, OutboxSignal } from '../outbox-signal.js';
import { isSystemServer, type ServerRef } from '../servers/choose-server.js';
import type { SendResult } from '../transport/mail-transport.js';
import { serverKey, type TransportFactory } from '../transport/transport-factory.js';
import type { Claims } from './claims.js';
import { DueGroups } from './due-groups.js';
import type { ClaimedMail, ServerVersion, WaitingGroup, Want } from './delivery-rows.js';
import { LettingGo } from './letting-go.js';
import type { Lines } from './lines.js';
import type { MailMetrics } from './mail-metrics.js';
import type { MakeReady } from './make-ready.js';
import type { MutedMails, Sorted } from './muted-mails.js';
import { SYSTEM_MAIL_PRIORITY } from './outbox.js';
import { ServerLane, type Line, type Sent } from './server-lane.js';
import { MOST_UNWRITTEN, type Attempted, type Settler } from './settler.js';
import type { Sweep } from './sweep.js';
import type { SystemServers } from './system-servers.js';
import type { SendRates } from './send-rates.js';
import type { UnderWay } from './under-way.js';
import { judge, type Verdict } from './verdict.js';

/** Polling is only a fallback: commits of this process wake the sender, due retries have their own timer. */
const SWEEP_EVERY_MS = 5_000;
const AFTER_ERROR_MS = 1_000;
/** What was seen went to another instance, its server changed in between, or somebody works on what is to be held. */
const AFTER_NOTHING_MS = 20;
const NOT_SENT = { ok: false, reply: null, refused: [] } as const;

export interface SenderParts {
  readonly claims: Claims;
  readonly underWay: UnderWay;
  readonly lines: Lines;
  readonly makeReady: MakeReady;
  readonly mutedMails: MutedMails;
  readonly rates: SendRates;
  readonly sweep: Sweep;
  readonly systemServers: SystemServers;
  readonly transports: TransportFactory;
  readonly signal: OutboxSignal;
  readonly metrics: MailMetrics;
  readonly instance: Pick<Instance, 'id'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
  /** Made with the sender's own ears, because both need each other. */
  readonly settler: (
    settled: (batch: readonly Attempted[], held: readonly HeldPlace[]) => void,
    failed: (error: unknown) => void,
  ) => Settler;
}

/**
 * Sends what waits in the outbox. A round asks what waits for which server and picks a bounded share of it; its bytes are made, it is
 * claimed with them and handed to the server's lane; lanes send, the settler writes what became of it, and that wakes the next round.
 */
export class Sender {
  readonly #lanes = new Map<string, ServerLane>();
  readonly #settler: Settler;
  #wanted = false;
  /** Something may be due that no look at the outbox has seen. */
  #news = false;
  /** Room came free for what was seen. */
  #room = false;
  readonly #due = new DueGroups();
  #round: Promise<void> | undefined;
  readonly #lettingGo: LettingGo;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt: number | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;
  #running = false;
  /** Claims wait until more of what was sent is written. */
  #behind = false;

  constructor(private readonly parts: SenderParts) {
    this.#settler = parts.settler(
      (batch, held) => this.#settled(batch, held),
      (error) => parts.log.error({ err: error }, 'What became of mails could not be written; it is tried again'),
    );
    this.#lettingGo = new LettingGo(
      parts.claims.holds,
      (groups) => this.#came(groups),
      (error) => parts.log.error({ err: error }, 'Mails that were held could not be let go; the next sweep does it'),
    );
  }

  async start(): Promise<void> {
    this.#running = true;
    this.#stopListening = this.parts.signal.listen((news) => this.#hear(news));
    await this.#sweep();
  }

  /** Claims no more, lets what is under way end, gives the rest back. */
  async stop(graceMs: number): Promise<void> {
    this.#running = false;
    this.#stopListening();
    clearTimeout(this.#timer);
    clearTimeout(this.#sweeper);
    await this.#round;
    await this.#lettingGo.ended();
    const lanes = [...this.#lanes.values()];
    await Promise.all(lanes.map((lane) => lane.loaded()));
    await Promise.all(lanes.map((lane) => this.#giveBack(lane)));
    await this.parts.transports.closeAll(graceMs);
    await Promise.all(lanes.map((lane) => lane.quiet()));
    await this.#settler.drained();
  }

  /** There may be mails that no look at the outbox has seen. */
  wake(): void {
    this.#news = true;
    this.#beginRound();
  }

  #hear({ held, came }: OutboxNews): void {
    this.#letGo(held);
    if (came === null) this.wake();
    else this.#came(came);
  }

  /** Where more waits than there is room for, a look would tell nothing new. */
  #came(groups: readonly MailGroup[]): void {
    const lanes = groups.map(({ server }) => this.#lane(server));
    if (!this.#due.came(groups) || lanes.some((lane) => lane.failing)) this.wake();
    else if (lanes.some((lane) => this.#hasRoom(lane))) this.#claimMore();
  }

  #letGo(places: readonly HeldPlace[]): void {
    if (this.#running) this.#lettingGo.add(places);
  }

  #claimMore(): void {
    this.#room = true;
    this.#beginRound();
  }

  #beginRound(): void {
    this.#wanted = true;
    if (this.#running) this.#round ??= this.#rounds();
  }

  /** Forgets itself with its last step: what is wanted right after begins a new one. */
  async #rounds(): Promise<void> {
    try {
      while (this.#wanted && this.#running) {
        this.#wanted = false;
        await this.#oneRound();
      }
    } catch (error) {
      this.parts.log.error({ err: error }, 'The outbox could not be read; it is tried again');
      this.#wakeIn(AFTER_ERROR_MS);
    } finally {
      this.#round = undefined;
    }
  }

  async #oneRound(): Promise<void> {
    await this.parts.underWay.resolveDoubts(this.parts.instance.id);
    const { news, room } = this.#takeReasons();
    if (!news && !room) return;
    this.#behind = this.#settler.waiting > MOST_UNWRITTEN;
    if (this.#behind) return;
    const known = news ? [] : this.#due.known();
    const groups = known.length > 0 ? known : await this.#look();
    this.#forgetIdleLanes();
    if (await this.#goneElsewhere(groups)) return;
    const wants = await this.#withinRates(this.#plan(groups), groups);
    if (wants.length > 0) await this.#claim(wants, groups);
  }

  #takeReasons(): { readonly news: boolean; readonly room: boolean } {
    const reasons = { news: this.#news, room: this.#room };
    this.#news = false;
    this.#room = false;
    return reasons;
  }

  async #look(): Promise<readonly WaitingGroup[]> {
    this.#due.forget();
    const groups = await this.parts.claims.groups();
    this.#due.seen(groups);
    return groups;
  }

  async #claim(wants: readonly Want[], groups: readonly WaitingGroup[]): Promise<void> {
    const { mails, seen, held, freed } = await this.parts.claims.pick(wants, this.parts.instance.id);
    const again = this.#due.claimed(wants, seen);
    for (const ofServer of Map.groupBy(mails, ({ server }) => serverKey(server)).values()) this.#load(ofServer, groups);
    if (freed.length > 0) this.#came(freed);
    if (again || held) this.wake();
    else if (mails.length === 0 || seen.length > mails.length) this.#wakeIn(AFTER_NOTHING_MS);
  }

  #hasRoom(lane: ServerLane): boolean {
    return this.#due.moreWait && lane.wantsMore;
  }

  /** Mails of the system do not wait for a server that rests, is switched off or gone. @returns whether to look again */
  async #goneElsewhere(groups: readonly WaitingGroup[]): Promise<boolean> {
    const { systemServers, claims } = this.parts;
    const ofSystem = groups.filter(
      ({ priority, server }) => priority === SYSTEM_MAIL_PRIORITY && isSystemServer(server),
    );
    if (ofSystem.length === 0) return false;
    await systemServers.look();
    const stranded = ofSystem.filter(
      ({ server, version, active }) =>
        !active || version === null || (this.#lane(server).knows(version) && this.#rests(server)),
    );
    let moved = 0;
    for (const [, [group]] of Map.groupBy(stranded, ({ server }) => serverKey(server))) {
      const other = group && systemServers.other([group.server.id], this.#rests);
      if (other) moved += await claims.moveAway(group.server, other);
    }
    if (moved > 0) this.wake();
    return moved > 0;
  }

  readonly #rests = (server: ServerRef): boolean => (this.#lanes.get(serverKey(server))?.pauseMs ?? 0) > 0;

  /** Sets the timer for what is not due yet; answers what to claim now. */
  #plan(groups: readonly WaitingGroup[]): Want[] {
    const byServer = Map.groupBy(
      groups.filter(({ active }) => active),
      ({ server }) => serverKey(server),
    );
    const plans = [...byServer.values()].flatMap((ofServer) =>
      ofServer[0] === undefined ? [] : [this.#planServer(ofServer[0].server, ofServer)],
    );
    const waits = plans.map(({ waitMs }) => waitMs).filter((ms) => ms > 0);
    if (waits.length > 0) this.#wakeIn(Math.min(...waits));
    return plans.flatMap(({ wants }) => wants);
  }

  /** Servers that take so many mails a minute; what is not granted now has its turn then. */
  async #withinRates(wants: readonly Want[], groups: readonly WaitingGroup[]): Promise<readonly Want[]> {
    const granted = await this.parts.rates.grant(wants, groups);
    if (granted.waitMs > 0) this.#wakeIn(granted.waitMs);
    return granted.wants;
  }

  #planServer(server: ServerRef, groups: readonly WaitingGroup[]): { waitMs: number; wants: Want[] } {
    const lane = this.#lane(server);
    const renewed = groups.some(({ version }) => !lane.knows(version));
    const pauseMs = renewed ? 0 : lane.pauseMs;
    const due = groups.filter(({ dueInMs }) => dueInMs === 0);
    const waitMs = Math.max(pauseMs, due.length > 0 ? 0 : Math.min(...groups.map(({ dueInMs }) => dueInMs)));
    return { waitMs, wants: pauseMs > 0 ? [] : lane.wants(due, renewed) };
  }

  /** Not waited for: no server holds up another one. */
  #load(mails: readonly ClaimedMail[], groups: readonly WaitingGroup[]): void {
    const [first] = mails;
    if (first === undefined) return;
    const lane = this.#lane(first.server);
    const version = groups.find(({ server }) => serverKey(server) === serverKey(first.server))?.version ?? null;
    const sorted = this.parts.mutedMails.takeOut(mails);
    const loaded = lane.load(mails.length, () => this.#makeReady(lane, sorted, version));
    loaded.then(
      () => this.#hasRoom(lane) && this.#claimMore(),
      (error: unknown) => {
        this.parts.log.error({ err: error }, 'Mails could not be made ready; it is tried again');
        lane.done(mails.length);
        this.#wakeIn(AFTER_ERROR_MS);
      },
    );
  }

  async #makeReady(lane: ServerLane, sorting: Promise<Sorted>, version: ServerVersion | null): Promise<void> {
    const [line, { open, suppressed, freed }] = await Promise.all([this.parts.lines.lineTo(lane, version), sorting]);
    if ('code' in line) await this.#refuseAll(lane, open, line, version?.revision ?? 0);
    else await this.#loadOver(line, lane, open);
    if (suppressed.length === 0) return;
    lane.done(suppressed.length);
    this.#letGo(freed);
    this.wake();
  }

  async #refuseAll(lane: ServerLane, mails: readonly ClaimedMail[], failure: MailFailure, revision: number) {
    const ours = await this.parts.makeReady.withoutBytes(mails);
    this.#lost(lane, mails.length - ours.length);
    this.#refuse(lane, ours, failure, revision);
  }

  async #loadOver(line: Line, lane: ServerLane, mails: readonly ClaimedMail[]): Promise<void> {
    const { ready, unfit } = await this.parts.makeReady.prepare(mails, line.route);
    this.#lost(lane, mails.length - ready.length - unfit.length);
    for (const { mail, failure } of unfit) this.#refuse(lane, [mail], failure, line.route.revision);
    lane.add(ready);
    if (lane.pauseMs > 0) await this.#giveBack(lane);
  }

  /** Another instance has them, or a person cancelled them: what waits behind them need not wait for the next sweep. */
  #lost(lane: ServerLane, mails: number): void {
    if (mails === 0) return;
    lane.done(mails);
    this.#wakeIn(AFTER_NOTHING_MS);
  }

  #refuse(lane: ServerLane, mails: readonly ClaimedMail[], failure: MailFailure, serverRevision: number): void {
    lane.done(mails.length);
    for (const mail of mails)
      this.#settler.add({
        mail,
        messageId: mail.messageId,
        verdict: this.#judge(mail, { ...NOT_SENT, failure }, 0),
        serverRevision,
        durationMs: 0,
      });
  }

  #judge(mail: ClaimedMail, result: SendResult, serverDelayMs: number): Verdict {
    return this.parts.systemServers.judge(mail, judge(mail, result, serverDelayMs), this.#rests);
  }

  #sent(lane: ServerLane, { ready, line, result, durationMs, serverDelayMs }: Sent): void {
    const verdict = this.#judge(ready.mail, result, serverDelayMs);
    this.parts.metrics.attempted(verdict.state === 'waiting' ? 'retry' : verdict.state, durationMs / 1000);
    this.#settler.add({
      mail: ready.mail,
      messageId: ready.messageId,
      verdict,
      serverRevision: line.route.revision,
      durationMs,
    });
    lane.done(1);
    if (lane.pauseMs > 0) void this.#giveBack(lane);
    else lane.pump();
    if (this.#hasRoom(lane)) this.#claimMore();
  }

  #settled(batch: readonly Attempted[], held: readonly HeldPlace[]): void {
    this.parts.underWay.forget(batch.map(({ mail }) => mail));
    this.#letGo(held);
    const putOff = batch.filter(({ verdict }) => verdict.state === 'waiting');
    if (this.#behind || putOff.length > 0) this.wake();
    if (putOff.length > 0) this.#wakeIn(Math.min(...putOff.map(({ verdict }) => verdict.nextInMs)));
    this.#behind = false;
  }

  async #giveBack(lane: ServerLane): Promise<void> {
    const mails = lane.takeBack().map(({ mail }) => mail);
    if (mails.length === 0) return;
    await this.parts.underWay
      .giveBack(mails)
      .catch((error: unknown) =>
        this.parts.log.error({ err: error }, 'Mails could not be given back; it is tried again'),
      );
    lane.done(mails.length);
    this.wake();
  }

  #lane(server: ServerRef): ServerLane {
    const key = serverKey(server);
    const lane = this.#lanes.get(key) ?? new ServerLane(server, (sent) => this.#sent(lane, sent));
    this.#lanes.set(key, lane);
    return lane;
  }

  #forgetIdleLanes(): void {
    const { transports, clock } = this.parts;
    transports.closeIdle(clock.now());
    for (const [key, lane] of this.#lanes)
      if (!lane.busy && lane.pauseMs === 0 && !transports.has(lane.server)) this.#lanes.delete(key);
  }

  /** A sooner time stays. */
  #wakeIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.#wakesAt !== undefined && this.#wakesAt <= at) return;
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => {
      this.#wakesAt = undefined;
      this.wake();
    }, ms);
  }

  async #sweep(): Promise<void> {
    await this.parts.sweep
      .run(this.parts.underWay.ids)
      .catch((error: unknown) =>
        this.parts.log.error({ err: error }, 'The outbox could not be swept; it is tried again'),
      );
    if (!this.#running) return;
    this.#sweeper = setTimeout(() => void this.#sweep(), SWEEP_EVERY_MS);
    this.wake();
  }
}
