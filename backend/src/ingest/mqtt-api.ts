import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import {
  Aedes,
  type AuthenticateError,
  type Client,
  type ConnectPacket,
  type PublishPacket,
  type Subscription,
} from 'aedes';

import { hashToken } from '../access/index.js';
import type { Clock } from '../db/index.js';
import type { DeviceLink } from '../device-link/index.js';
import { type Log, ProblemError, Seldom } from '../http/index.js';
import type { DeviceAttributes } from './device-attributes.js';
import { BODY_LIMIT_BYTES } from './device-lane.js';
import type { Ingest, PayloadParser } from './ingest.js';
import { PacketLengths } from './packet-lengths.js';
import { parseAttributes, parseTelemetry } from './payload.js';

type QoS = Subscription['qos'];

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
const ATTRIBUTE_RESPONSE = 'v1/devices/me/attributes/response/';
/** Where a device is told of its shared attributes: each of these that it has subscribed to. */
const ATTRIBUTE_UPDATES: ReadonlySet<string> = new Set(['v1/devices/me/attributes', 'v2/a', 'v2/a/j']);
/** What a device may listen to. All devices use the same names, so nothing is forwarded by topic but what we say ourselves. */
const OWN_TOPIC = /^v[12]\//;
/**
 * What is left of a packet that was accepted. The broker would keep its payload: as the topic's last one, until a QoS 2 is
 * completed, and for each session that subscribed to the topic and is away, whosever it is.
 */
const NOBODYS = { topic: 'accepted', payload: '', retain: false };
/** Ours are longer than what MQTT 3.1 allows a device (23). */
const LONGEST_CLIENT_ID = 100_000;
/** Whoever opens a connection says within this time who it is. */
const CONNECT_WITHIN_MS = 10_000;

/**
 * ThingsBoard's device API over MQTT 3.1.1: the access token is the user name. A PUBACK is sent after the commit; what
 * cannot be accepted is not acknowledged and ends the connection, since this version of MQTT has no other way to say no.
 */
export class MqttApi {
  readonly #devices = new WeakMap<Client, { readonly token: string; readonly id: string }>();
  /** Topics that a client has subscribed to, and how often they are to arrive. */
  readonly #topics = new WeakMap<Client, Map<string, QoS>>();
  /** Payloads that we send to one client; nothing else is forwarded. */
  readonly #ours = new WeakSet<object>();
  readonly #tooLarge: Seldom;
  #server: Server | undefined;
  #broker: Aedes | undefined;

  constructor(
    private readonly ingest: Ingest,
    private readonly attributes: DeviceAttributes,
    private readonly link: Pick<DeviceLink, 'connect'>,
    private readonly log: Pick<Log, 'debug' | 'warn'>,
    clock: Clock,
  ) {
    this.#tooLarge = new Seldom(clock);
  }

  /** @returns the port, which differs from the given one when that is 0 */
  async listen(port: number, host: string): Promise<number> {
    const broker = await this.#createBroker();
    const server = createServer((socket) => this.#admit(socket, broker));
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

  /**
   * The broker would gather whatever a packet announces, up to 256 MB. It takes what has arrived by `read`, and 'data' tells of
   * just that beforehand: a listener beside 'readable' neither takes bytes away nor makes the socket flow.
   */
  #admit(socket: Socket, broker: Aedes): void {
    const client = broker.handle(socket);
    const lengths = new PacketLengths();
    socket.on('data', (part: Buffer) => {
      const announced = lengths.largestIn(part);
      if (announced > BODY_LIMIT_BYTES && !socket.destroyed) this.#refuse(client, socket, announced);
    });
  }

  #refuse(client: Client, socket: Socket, announcedBytes: number): void {
    const [source, deviceId] = [socket.remoteAddress, this.#devices.get(client)?.id];
    socket.destroy();
    if (this.#tooLarge.isDue(deviceId ?? `from ${source}`))
      this.log.warn(
        { source, deviceId, announcedBytes, limitBytes: BODY_LIMIT_BYTES },
        'A device announced a packet that is too large over MQTT, and was disconnected',
      );
  }

  async #createBroker(): Promise<Aedes> {
    const broker = await Aedes.createBroker({
      maxClientsIdLength: LONGEST_CLIENT_ID,
      connectTimeout: CONNECT_WITHIN_MS,
      preConnect: (_client, packet, done) => {
        packet.clientId = ownClientId(packet);
        done(null, true);
      },
      authenticate: (client, username, _password, done) => void this.#authenticate(client, username ?? '', done),
      authorizePublish: (client, packet, done) => void this.#publish(client, packet).then(() => done(), done),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.#subscribe(client, subscription) ? subscription : null),
      authorizeForward: (_client, packet) => (this.#isOurs(packet.payload) ? packet : null),
    });
    broker.on('unsubscribe', (topics, client) => topics.forEach((topic) => this.#topics.get(client)?.delete(topic)));
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
      const deviceId = await this.attributes.deviceOf(token);
      if (deviceId !== null) this.#welcome(client, token, deviceId);
      done(null, deviceId !== null);
    } catch {
      client.conn.destroy(); // the database is away: the device comes again, as after any lost connection
    }
  }

  async #publish(client: Client | null, packet: PublishPacket): Promise<void> {
    const token = client === null ? undefined : this.#devices.get(client)?.token;
    if (client === null || token === undefined) throw new ProblemError('unknown-device-token');
    const [, request] = ATTRIBUTE_REQUEST.exec(packet.topic) ?? [];
    if (request !== undefined) return this.#answer(client, token, request, String(packet.payload));
    const parse = TOPICS[packet.topic];
    if (parse === undefined) throw new ProblemError('not-found', { detail: 'No device publishes on this topic.' });
    await this.ingest.accept(token, String(packet.payload), parse);
    Object.assign(packet, NOBODYS);
  }

  /** `{"clientKeys": "a,b", "sharedKeys": "c"}` on `…/request/7` is answered on `…/response/7`. */
  async #answer(client: Client, token: string, request: string, payload: string): Promise<void> {
    const values = await this.attributes.read(token, wantedKeys(payload));
    await this.#say(client, `${ATTRIBUTE_RESPONSE}${request}`, 0, values);
  }

  #welcome(client: Client, token: string, deviceId: string): void {
    this.#devices.set(client, { token, id: deviceId });
    const disconnect = this.link.connect(deviceId, {
      changed: (keys) => void this.#tell(client, token, keys).catch(() => client.conn.destroy()),
    });
    client.conn.once('close', disconnect);
  }

  /** A token that was taken away meanwhile, or a database out of reach, ends the connection: the device comes again. */
  async #tell(client: Client, token: string, keys: readonly string[] | null): Promise<void> {
    const topics = [...(this.#topics.get(client) ?? [])].filter(([topic]) => ATTRIBUTE_UPDATES.has(topic));
    if (topics.length === 0) return;
    const values = await this.attributes.news(token, keys);
    if (Object.keys(values).length === 0) return;
    for (const [topic, qos] of topics) await this.#say(client, topic, qos, values);
  }

  #subscribe(client: Client | null, { topic, qos }: Subscription): boolean {
    if (client === null || !OWN_TOPIC.test(topic)) return false;
    this.#topics.set(client, (this.#topics.get(client) ?? new Map<string, QoS>()).set(topic, qos));
    return true;
  }

  #isOurs(payload: string | Buffer): boolean {
    return typeof payload !== 'string' && this.#ours.has(payload);
  }

  /** Not awaited by QoS: an acknowledgement that never comes must hold up nobody. */
  #say(client: Client, topic: string, qos: QoS, values: object): Promise<void> {
    const payload = Buffer.from(JSON.stringify(values));
    this.#ours.add(payload);
    const packet: PublishPacket = { cmd: 'publish', topic, payload, qos, dup: false, retain: false };
    const { promise, resolve } = Promise.withResolvers<undefined>();
    client.publish(packet, () => resolve(undefined));
    return qos === 0 ? promise : Promise.resolve();
  }
}

/** Devices choose the names of their sessions freely: with the token in it, none can take over another's. */
function ownClientId({ clientId, username }: ConnectPacket): string {
  return clientId === '' ? '' : `${hashToken(username ?? '').toString('base64url')}/${clientId}`;
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
