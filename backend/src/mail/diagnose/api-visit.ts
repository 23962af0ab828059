import type { Socket } from 'node:net';

import type { AuthFacts, DoctorStep, DoctorStepName, TlsFacts } from '@signalpost/contracts';

import type { Admitted } from '../../net/index.js';
import type { NotSent } from '../transport/mail-transport.js';
import { NoTokenError } from './authenticate.js';
import { describeTls, type VisitNeeds } from './doctor-visit.js';
import type { ApiTarget, DoctorTarget } from './doctor-target.js';
import { readRecords } from './records-step.js';
import { ApiRefusedError, ignoreStopped, StepLog } from './step-log.js';
import { handshake } from './tls-handshake.js';
import { tokenFacts } from './token-facts.js';
import { Transcript } from './transcript.js';

const STEPS: readonly DoctorStepName[] = ['dns', 'tcp', 'tls', 'auth', 'mail-from'];

/** One visit to the API of a provider: the way there, the token, and whether it lets this application send. */
export class ApiVisit {
  readonly transcript = new Transcript();
  readonly #log: StepLog;
  #socket: Socket | undefined;

  constructor(
    private readonly target: DoctorTarget,
    private readonly api: ApiTarget,
    private readonly needs: VisitNeeds,
  ) {
    this.#log = new StepLog({ target, transcript: this.transcript, signal: needs.signal, onStep: needs.onStep });
  }

  get steps(): readonly DoctorStep[] {
    return this.#log.steps;
  }

  async run(): Promise<void> {
    const hangUp = (): void => void this.#socket?.destroy();
    this.needs.signal.addEventListener('abort', hangUp, { once: true });
    try {
      await this.#log.until(() => this.#ask(), STEPS);
    } finally {
      this.needs.signal.removeEventListener('abort', hangUp);
      hangUp();
    }
    await this.#log.step('dns-records', () => readRecords(this.target, this.needs)).catch(ignoreStopped);
  }

  async #ask(): Promise<void> {
    await this.#wayThere();
    await this.#auth();
    await this.#log.step('mail-from', () => this.#maySend());
  }

  async #wayThere(): Promise<void> {
    const { host, port, egress, timeouts } = this.target;
    let admitted: Admitted | undefined;
    await this.#log.step('dns', async () => {
      admitted = await egress.admit({ host, port, timeoutMs: timeouts.connectMs });
      const addresses = admitted.addresses.map(({ address }) => address);
      return { detail: `${host} is ${addresses.join(', ') || 'the connector’s to find'}.`, addresses };
    });
    await this.#log.step('tcp', async () => {
      this.#socket = await admitted?.dial(timeouts.connectMs);
      this.#socket?.on('error', () => undefined); // the next step hears of it
      return { detail: `Connected to ${host}, port ${port}.`, address: this.#socket?.remoteAddress ?? '' };
    });
    let tls: TlsFacts | undefined;
    await this.#log.step(
      'tls',
      async () => {
        if (this.#socket === undefined) throw new Error('A step of the doctor was taken out of order');
        const shaken = await handshake(this.#socket, { host, trust: {}, timeoutMs: timeouts.connectMs });
        tls = shaken.facts;
        shaken.socket.destroy();
        if (shaken.distrust !== undefined) throw shaken.distrust;
        return { ...describeTls(tls, this.needs.clock.now()), tls };
      },
      () => (tls === undefined ? {} : { tls }),
    );
  }

  async #auth(): Promise<void> {
    const { auth } = this.target;
    const username = auth.kind === 'oauth2' ? (auth.usernames[0] ?? null) : null;
    let facts: AuthFacts = { mechanism: 'Bearer', offered: ['Bearer'], username, token: null };
    await this.#log.step(
      'auth',
      async () => {
        const answer = await this.api.token();
        if (!answer.ok) throw new NoTokenError(answer.failure);
        this.transcript.hide(answer.value.token);
        facts = { ...facts, token: tokenFacts(answer.value.token, answer.value.expiresAt) };
        return { detail: 'There is an access token.', auth: facts };
      },
      () => ({ auth: facts }),
    );
  }

  async #maySend() {
    const refused: NotSent | undefined = await this.api.probe((from, line) => this.transcript.add(from, line));
    if (refused !== undefined) throw new ApiRefusedError(refused.failure, this.transcript.clean(refused.reply ?? ''));
    return { detail: 'The API takes the token and lets this application send; nothing was sent.' };
  }
}
