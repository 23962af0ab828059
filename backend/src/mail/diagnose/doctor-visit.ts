import type { Socket } from 'node:net';

import type { DoctorStep, DoctorStepName, TlsFacts } from '@signalpost/contracts';

import { parseMailbox } from '../addresses.js';
import type { Clock } from '../../db/index.js';
import type { Admitted } from '../../net/index.js';
import { Authentication, otherUsername } from './authenticate.js';
import type { LookUpTxt } from './dns-records.js';
import type { DoctorTarget } from './doctor-target.js';
import { DoctorStop, stopAt } from './observation.js';
import { readRecords } from './records-step.js';
import { expectReply, SmtpDialogue } from './smtp-dialogue.js';
import { ignoreStopped, StepLog, type StepOutcome } from './step-log.js';
import { handshake } from './tls-handshake.js';
import { Transcript } from './transcript.js';

/** A certificate this close to its end is worth a word. */
const EXPIRY_WARNING_MS = 14 * 24 * 3_600_000;
export interface VisitNeeds {
  readonly onStep: (step: DoctorStep) => void;
  readonly lookUpTxt: LookUpTxt;
  readonly clock: Clock;
  /** Ends the visit. */
  readonly signal: AbortSignal;
}

/** One visit to one server: a connection, from the look-up of the name to QUIT. */
export class DoctorVisit {
  readonly transcript = new Transcript();
  readonly #log: StepLog;
  #socket: Socket | undefined;
  #dialogue: SmtpDialogue | undefined;
  #extensions: readonly string[] = [];

  constructor(
    private readonly target: DoctorTarget,
    private readonly needs: VisitNeeds,
  ) {
    const { signal, onStep } = needs;
    this.#log = new StepLog({ target, transcript: this.transcript, signal, onStep });
  }

  get steps(): readonly DoctorStep[] {
    return this.#log.steps;
  }

  async run(): Promise<void> {
    const hangUp = (): void => void this.#socket?.destroy();
    this.needs.signal.addEventListener('abort', hangUp, { once: true });
    try {
      await this.#log.until(() => this.#connectAndTalk(), this.#wanted());
    } finally {
      this.needs.signal.removeEventListener('abort', hangUp);
      hangUp();
    }
    await this.#log.step('dns-records', () => readRecords(this.target, this.needs)).catch(ignoreStopped);
  }

  async #connectAndTalk(): Promise<void> {
    const { tls } = this.target;
    const admitted = await this.#dns();
    this.#socket = await this.#tcp(admitted);
    if (tls === 'implicit') await this.#tls();
    await this.#ehlo({ greeting: true });
    if (tls === 'starttls') {
      await this.#log.step('starttls', () => this.#startTls());
      await this.#tls();
      await this.#ehlo({ greeting: false });
    }
    await this.#auth();
    await this.#log.step('mail-from', () => this.#mailFrom());
    await this.#talk.command('QUIT', this.target.timeouts.replyMs).catch(() => undefined);
  }

  async #dns(): Promise<Admitted> {
    const { host, port, egress, timeouts } = this.target;
    let admitted: Admitted | undefined;
    await this.#log.step('dns', async () => {
      admitted = await egress.admit({ host, port, timeoutMs: timeouts.connectMs });
      const addresses = admitted.addresses.map(({ address }) => address);
      return { detail: `${host} is ${addresses.join(', ') || 'the connector’s to find'}.`, addresses };
    });
    return given(admitted);
  }

  async #tcp(admitted: Admitted): Promise<Socket> {
    let socket: Socket | undefined;
    await this.#log.step('tcp', async () => {
      socket = await admitted.dial(this.target.timeouts.connectMs);
      socket.on('error', () => undefined); // whoever reads from it hears of it
      const address = socket.remoteAddress ?? '';
      return { detail: `Connected to ${address}, port ${this.target.port}.`, address };
    });
    return given(socket);
  }

  async #tls(): Promise<void> {
    let tls: TlsFacts | undefined;
    await this.#log.step(
      'tls',
      async () => {
        const { socket, facts, distrust } = await handshake(this.#detached(), {
          host: this.target.host,
          trust: this.target.trust ?? {},
          timeoutMs: this.target.timeouts.connectMs,
        });
        this.#socket = socket;
        tls = facts;
        this.transcript.add('note', `TLS: ${facts.version}, ${facts.cipher}`);
        if (distrust !== undefined) throw distrust;
        return { ...describeTls(facts, this.needs.clock.now()), tls };
      },
      () => (tls === undefined ? {} : { tls }),
    );
  }

  async #ehlo({ greeting }: { greeting: boolean }): Promise<void> {
    await this.#log.step('ehlo', async () => {
      const { greetingMs, replyMs } = this.target.timeouts;
      this.#dialogue = new SmtpDialogue(given(this.#socket), this.transcript);
      if (greeting) expectReply(await this.#greeting(greetingMs), 2, this.transcript);
      const reply = await this.#talk.command(`EHLO ${this.target.ehloName}`, replyMs);
      const [, ...extensions] = expectReply(reply, 2, this.transcript).lines.map((line) => this.transcript.clean(line));
      this.#extensions = extensions;
      return {
        detail: extensions.length === 0 ? 'It offers no extensions.' : `It offers ${extensions.join(', ')}.`,
        extensions,
      };
    });
  }

  /** A server that waits for TLS says nothing, and neither do we: on silence it is asked for TLS on the same connection. */
  async #greeting(timeoutMs: number) {
    try {
      return await this.#talk.reply(timeoutMs, 'silent');
    } catch (error) {
      const silent = error instanceof DoctorStop && (error.seen.fact === 'silent' || error.seen.fact === 'hung-up');
      if (!silent || this.target.tls === 'implicit') throw error;
      if (error.seen.fact === 'silent' && (await this.#speaksTls()))
        throw stopAt('speaks-tls-at-once', 'It answers TLS.');
      throw error;
    }
  }

  async #speaksTls(): Promise<boolean> {
    this.transcript.add('note', 'Silence: does it wait for TLS?');
    const trust = { checkIdentity: false };
    const { host, timeouts } = this.target;
    const asked = handshake(this.#detached(), { host, trust, timeoutMs: timeouts.connectMs });
    return asked.then(
      ({ socket }) => {
        socket.destroy();
        return true;
      },
      () => false,
    );
  }

  async #startTls(): Promise<StepOutcome<'starttls'>> {
    if (!this.#extensions.some((line) => /^STARTTLS\b/i.test(line)))
      throw stopAt('starttls-not-offered', 'The answer to EHLO has no STARTTLS.');
    const reply = await this.#talk.command('STARTTLS', this.target.timeouts.replyMs);
    expectReply(reply, 2, this.transcript);
    if (this.#talk.unread > 0) throw stopAt('starttls-injection', 'There was more behind the answer.');
    this.#extensions = [];
    return { detail: 'The server is ready for TLS.' };
  }

  async #auth(): Promise<void> {
    const { target, transcript } = this;
    const offered = [
      ...new Set(
        this.#extensions.flatMap((line) => /^AUTH[ =](.*)$/i.exec(line)?.[1]?.toUpperCase().split(/\s+/) ?? []),
      ),
    ];
    const authentication = new Authentication(
      target,
      this.#talk,
      transcript,
      offered.filter((name) => name !== ''),
    );
    await this.#log.step(
      'auth',
      async () => {
        if (target.auth.kind !== 'none' && target.tls === 'none' && !target.mayUseCleartext)
          throw stopAt('cleartext-refused', 'TLS mode "none" was chosen.');
        const detail = await authentication.run();
        const { facts: auth } = authentication;
        if (target.auth.kind === 'none') return { detail, auth, state: 'skipped' };
        return { detail, auth, ...otherUsername(target.auth, auth) };
      },
      () => ({ auth: authentication.facts }),
    );
  }

  async #mailFrom(): Promise<StepOutcome<'mail-from'>> {
    const { from, recipient, timeouts } = this.target;
    for (const address of [from, ...(recipient === undefined ? [] : [recipient])])
      if (!parseMailbox(address).ok)
        throw stopAt('from-invalid', `"${this.transcript.clean(address)}" is not an address.`);
    const say = async (line: string) =>
      expectReply(await this.#talk.command(line, timeouts.replyMs), 2, this.transcript);
    await say(`MAIL FROM:<${from}>`);
    if (recipient !== undefined) await say(`RCPT TO:<${recipient}>`);
    await say('RSET');
    const taken = recipient === undefined ? 'the sender' : 'the sender and the recipient';
    return { detail: `The server takes ${taken}; nothing was sent.` };
  }

  get #talk(): SmtpDialogue {
    return given(this.#dialogue);
  }

  #detached(): Socket {
    const socket = this.#dialogue?.detach() ?? given(this.#socket);
    this.#dialogue = undefined;
    return socket;
  }

  #wanted(): readonly DoctorStepName[] {
    const { tls } = this.target;
    return [
      'dns',
      'tcp',
      ...(tls === 'implicit' ? (['tls'] as const) : []),
      'ehlo',
      ...(tls === 'starttls' ? (['starttls', 'tls'] as const) : []),
      'auth',
      'mail-from',
    ];
  }
}

export function describeTls({ chain, version, cipher }: TlsFacts, now: number): { detail: string; state?: 'warning' } {
  const [own] = chain;
  const encrypted = `${version}, ${cipher}`;
  if (own === undefined) return { detail: `${encrypted}.` };
  const ends = new Date(own.validTo).toISOString().slice(0, 10);
  const detail = `${encrypted}; the certificate of ${own.subject}, signed by ${own.issuer}, ends on ${ends}.`;
  return own.validTo - now < EXPIRY_WARNING_MS ? { detail, state: 'warning' } : { detail };
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A step of the doctor was taken out of order');
  return value;
}
