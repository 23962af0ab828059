import { expect, it } from 'vitest';

import { PacketLengths } from './packet-lengths.js';

const bytes = (...parts: (readonly number[])[]) => Buffer.from(parts.flat());
const body = (length: number) => new Array<number>(length).fill(0xff);
const PING = [0xc0, 0];

it.each([
  ['a packet without a body', bytes(PING), 0],
  ['one byte of length', bytes([0x30, 127], body(127)), 127],
  ['two bytes of length', bytes([0x30, 0x80, 1], body(128)), 128],
  ['four bytes of length, of which nothing follows', bytes([0x30, 0xff, 0xff, 0xff, 0x7f]), 268_435_455],
  ['the largest of several', bytes(PING, [0x30, 3], body(3), [0x30, 0x80, 2], body(256), [0x40, 2], body(2)), 256],
  ['more length than there may be', bytes([0x30, 0xff, 0xff, 0xff, 0xff]), 268_435_455],
])('reads %s, in one part as byte for byte', (_what, stream, largest) => {
  expect(new PacketLengths().largestIn(stream)).toBe(largest);
  const lengths = new PacketLengths();
  expect(Math.max(...[...stream].map((byte) => lengths.largestIn(Uint8Array.of(byte))))).toBe(largest);
});
