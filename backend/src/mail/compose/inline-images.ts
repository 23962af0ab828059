import { mailFailure, type MailFailure } from '../failures.js';

export interface InlineImage {
  readonly cid: string;
  readonly contentType: string;
  readonly content: Buffer;
}

const CID = /^[A-Za-z0-9._@+-]{1,200}$/;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const DATA_URI = /^data:(image\/[a-z0-9.+-]+);base64,/i;

/** The pictures that browsers and mail readers show, by the first bytes in base64. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
];

/** @param images content id to base64 or data URI, as ThingsBoard's `images` */
export function readInlineImages(
  images: Readonly<Record<string, string>> | null | undefined,
): readonly InlineImage[] | MailFailure {
  const read: InlineImage[] = [];
  for (const [cid, source] of Object.entries(images ?? {})) {
    const head = DATA_URI.exec(source.slice(0, 100));
    const data = head === null ? source : source.slice(head[0].length);
    if (!CID.test(cid) || !BASE64.test(data))
      return mailFailure('image-invalid', `It is "${cid.slice(0, 100).replace(/\p{Cc}/gu, ' ')}".`);
    const contentType =
      head?.[1] ?? SIGNATURES.find(([start]) => data.trimStart().startsWith(start))?.[1] ?? 'application/octet-stream';
    read.push({ cid, contentType: contentType.toLowerCase(), content: Buffer.from(data, 'base64') });
  }
  return read;
}
