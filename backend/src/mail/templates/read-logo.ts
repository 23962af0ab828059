import type { BrandLogo } from './brand.js';

/** Larger pictures are shown smaller, so that the band with the logo stays a band. */
const SHOWN = { width: 220, height: 56 };
const MAX_SIDE = 4_000;

interface Size {
  readonly width: number;
  readonly height: number;
}
export type LogoBytes = Size & { readonly mediaType: BrandLogo['mediaType'] };

/** What kind of picture it is, by its first bytes alone; null: none that every mail program shows. */
export function readLogo(bytes: Buffer): LogoBytes | null {
  const found = readPng(bytes) ?? readGif(bytes) ?? readJpeg(bytes);
  return found !== null && within(found.width) && within(found.height) ? found : null;
}

const within = (side: number): boolean => side >= 1 && side <= MAX_SIDE;

/** How large it is shown, in CSS pixels; pictures of twice that are sharp on every screen. */
export function shownSize({ width, height }: Size): Size {
  const scale = Math.min(1, SHOWN.width / width, SHOWN.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** RFC 2083: signature, then the chunk IHDR. */
function readPng(bytes: Buffer): LogoBytes | null {
  if (bytes.length < 24 || bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null;
  return { mediaType: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function readGif(bytes: Buffer): LogoBytes | null {
  if (bytes.length < 10 || !/^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))) return null;
  return { mediaType: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** ITU T.81: segments up to the frame header, SOF0 to SOF15 but for the tables among them. */
function readJpeg(bytes: Buffer): LogoBytes | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xff_d8) return null;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame)
      return { mediaType: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
  }
  return null;
}
