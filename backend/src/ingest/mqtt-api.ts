import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';

import type { Log } from '../http/index.js';
import { ProblemError } from '../http/index.js';
import type { DeviceAttributes } from './device-attributes.js';
import type { Ingest, PayloadParser } from './ingest.js';
import { parseAttributes, parseTelemetry } from './payload.js';

/** ThingsBoard's topics, long and short, and what is read from them. */
const TOPICS: Readonly<Record<string, PayloadParser>> = {
  'v1/devices/me/telemetry': parseTelemetry,
  'v1/devices/me/attributes': parseAttributes,
  'v2/t': parseTelemetry,
  'v2/t/j': parseTelemetry,
  'v2/a': parseAttributes,
  'v2/a/j': parseAttributes,
};

const ATTRIBUTE_REQUEST = /^v1\/devices\/me\/attributes\/request\/(\d+)$/;
/** Sent by us to one client; no device may publish there. */
const ATTRIBUTE_RESPONSE = 'v1/devices/me/attributes/response/';
/** What a device may listen to. All devices use the same names, so nothing is forwarded by topic but our own answers. */
const OWN_TOPIC = /^v[12]\//;

/**
 * ThingsBoard's device API over MQTT 3.1.1: the access token is the user name. A PUBACK is sent after the commit; what
 * cannot be accepted is not acknowledged and ends the connection, since this version of MQTT has no other way to say no.
 */
export class MqttApi {
  readonly #tokens = new WeakMap<Client, string>();
  #server: Server | undefined;
  #broker: Aedes | undefined;

  constructor(
    private readonly ingest: Ingest,
    private readonly attributes: DeviceAttributes,
    private readonly log: Pick<Log, 'debug'>,
  ) {}

  /** @returns the port, which differs from the given one when that is 0 */
  async listen(port: number, host: string): Promise<number> {
    const broker = await this.#createBroker();
    const server = createServer((socket) => broker.handle(socket));
    this.#broker = broker;
    this.#server = server;
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port; // a TCP server has an AddressInfo
  }

  async close(): Promise<void> {
    if (this.#server === undefined) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#broker?.close();
    await closed;
  }

  async #createBroker(): Promise<Aedes> {
    const broker = await Aedes.createBroker({
      authenticate: (client, username, _password, done) => void this.#authenticate(client, username ?? '', done),
      authorizePublish: (client, packet, done) => void this.#publish(client, packet).then(() => done(), done),
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, OWN_TOPIC.test(subscription.topic) ? subscription : null),
      authorizeForward: (_client, packet) => (packet.topic.startsWith(ATTRIBUTE_RESPONSE) ? packet : null),
    });
    broker.on('clientError', (_client, error) =>
      this.log.debug({ reason: error.message }, 'A device was disconnected'),
    );
    return broker;
  }

  async #authenticate(
    client: Client,
    token: string,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): Promise<void> {
    try {
      const known = await this.attributes.exists(token);
      if (known) this.#tokens.set(client, token);
      done(null, known);
    } catch {
      client.conn.destroy(); // the database is away: the device comes again, as after any lost connection
    }
  }

  async #publish(client: Client | null, packet: PublishPacket): Promise<void> {
    const token = client === null ? undefined : this.#tokens.get(client);
    if (client === null || token === undefined) throw new ProblemError('unknown-device-token');
    const [, request] = ATTRIBUTE_REQUEST.exec(packet.topic) ?? [];
    if (request !== undefined) return this.#answer(client, token, request, String(packet.payload));
    const parse = TOPICS[packet.topic];
    if (parse === undefined) throw new ProblemError('not-found', { detail: 'No device publishes on this topic.' });
    await this.ingest.accept(token, String(packet.payload), parse);
  }

  /** `{"clientKeys": "a,b", "sharedKeys": "c"}` on `…/request/7` is answered on `…/response/7`. */
  async #answer(client: Client, token: string, request: string, payload: string): Promise<void> {
    const values = await this.attributes.read(token, wantedKeys(payload));
    const topic = `${ATTRIBUTE_RESPONSE}${request}`;
    const answer: PublishPacket = {
      cmd: 'publish',
      topic,
      payload: JSON.stringify(values),
      qos: 0,
      dup: false,
      retain: false,
    };
    const sent = Promise.withResolvers<undefined>();
    client.publish(answer, () => sent.resolve(undefined));
    await sent.promise;
  }
}

function wantedKeys(payload: string): { clientKeys?: string; sharedKeys?: string } {
  const parsed: unknown = JSON.parse(payload || '{}');
  const keys = typeof parsed === 'object' && parsed !== null ? parsed : {};
  return Object.fromEntries(['clientKeys', 'sharedKeys'].flatMap((name) => textOf(keys, name)));
}

function textOf(keys: object, name: string): [string, string][] {
  const value: unknown = Object.entries(keys).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? [[name, value]] : [];
}
