/** A length has at most four bytes (MQTT 3.1.1 §2.2.3); the first byte of a packet says what it is. */
const LONGEST_HEADER = 5;

/**
 * Follows the packets in a stream by their fixed headers, so that one that is too large is known by its announcement, before
 * anything of it is kept.
 */
export class PacketLengths {
  /** Of the packet under way, in bytes. */
  #toCome = 0;
  #headerBytes = 0;
  #length = 0;

  /** @returns bytes: the largest that a packet whose header stands in this part of the stream announces, 0 without any */
  largestIn(part: Uint8Array): number {
    let largest = 0;
    for (let at = 0; at < part.length;) {
      if (this.#toCome === 0) largest = Math.max(largest, this.#readHeader(part[at++] ?? 0));
      const skipped = Math.min(this.#toCome, part.length - at);
      this.#toCome -= skipped;
      at += skipped;
    }
    return largest;
  }

  #readHeader(byte: number): number {
    this.#headerBytes += 1;
    if (this.#headerBytes === 1) this.#length = 0;
    else this.#length += (byte & 127) * 128 ** (this.#headerBytes - 2);
    if (this.#headerBytes > 1 && ((byte & 128) === 0 || this.#headerBytes === LONGEST_HEADER)) {
      this.#headerBytes = 0;
      this.#toCome = this.#length;
    }
    return this.#length;
  }
}
