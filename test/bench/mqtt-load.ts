/** Telemetry over MQTT 3.1.1 with QoS 1, on raw sockets: some connections, on each some publishes that wait for their PUBACK. */
import { connect, type Socket } from 'node:net';

import type { Load, LoadResult } from './http-load.ts';
import { nowMs } from './statistics.ts';

const CONNECTIONS = 4;
const UNDER_WAY = 8;
const TOPIC = 'v1/devices/me/telemetry';
/** CONNACK and PUBACK are all that comes back; both have four bytes (MQTT 3.1.1 §3.2, §3.4). */
const ANSWER_BYTES = 4;
const CONNACK = 0x20;
const CONNECT_FLAGS = 0x82; // a user name, a clean session

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
};
const number = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

function packet(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const [low, high] = [body.length % 128, Math.floor(body.length / 128)];
  return Buffer.concat([Buffer.from(high > 0 ? [type, low | 0x80, high] : [type, low]), body]);
}

const hello = (token: string): Buffer =>
  packet(0x10, text('MQTT'), Buffer.from([4, CONNECT_FLAGS]), number(60), text(''), text(token));
const publish = (id: number, body: string): Buffer => packet(0x32, text(TOPIC), number(id), Buffer.from(body));

export type MqttLoad = Pick<Load, 'port' | 'first' | 'count'> & {
  readonly tokenOf: (connection: number) => string;
  readonly bodyOf: (id: number) => string;
};

export async function mqttLoad(load: MqttLoad): Promise<LoadResult> {
  const result = {
    sentAt: new Map<number, number>(),
    latencies: [] as number[],
    acceptedAt: [] as number[],
    refused: 0,
  };
  let next = load.first;
  const take = (): number | undefined => (next < load.first + load.count ? next++ : undefined);
  const startedAt = nowMs();
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => talk(load, load.tokenOf(index), take, result)));
  return { ...result, startedAt, endedAt: nowMs() };
}

type Result = { sentAt: Map<number, number>; latencies: number[]; acceptedAt: number[] };

function talk(load: MqttLoad, token: string, take: () => number | undefined, result: Result): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(load.port, '127.0.0.1').setNoDelay(true);
    const underWay = new Map<number, { readonly id: number; readonly at: number }>();
    let packets = 0;
    let rest: Buffer = Buffer.alloc(0);
    const send = (): void => {
      const id = take();
      if (id === undefined) return;
      packets = (packets % 0xffff) + 1;
      underWay.set(packets, { id, at: nowMs() });
      socket.write(publish(packets, load.bodyOf(id)));
    };
    const hear = (answer: Buffer): void => {
      if (answer[0] === CONNACK) return void Array.from({ length: UNDER_WAY }, send);
      const sent = underWay.get(answer.readUInt16BE(2));
      underWay.delete(answer.readUInt16BE(2));
      if (sent === undefined) return;
      const now = nowMs();
      result.sentAt.set(sent.id, sent.at);
      result.acceptedAt.push(now);
      result.latencies.push(now - sent.at);
      send();
      if (underWay.size === 0) socket.end();
    };
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (; rest.length >= ANSWER_BYTES; rest = rest.subarray(ANSWER_BYTES)) hear(rest.subarray(0, ANSWER_BYTES));
    });
    socket.on('error', reject);
    socket.on('close', () =>
      underWay.size === 0 ? resolve() : reject(new Error('The broker closed the connection.')),
    );
    socket.write(hello(token));
  });
}
