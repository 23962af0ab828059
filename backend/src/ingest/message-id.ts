import { randomFillSync } from 'node:crypto';

import { v7 as uuidV7 } from 'uuid';

const RANDOM_BYTES = 16;
/** Random bytes for many ids: asking for 16 at a time costs more than the rest of accepting a message in this process. */
const reserve = new Uint8Array(RANDOM_BYTES * 256);
let used = reserve.length;

/** A UUID version 7 (RFC 9562). */
export function newMessageId(): string {
  if (used === reserve.length) {
    randomFillSync(reserve);
    used = 0;
  }
  const random = reserve.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return uuidV7({ random });
}
