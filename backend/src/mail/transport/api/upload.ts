import { mailFailure } from '../../failures.js';
import { notSent, type ApiCaller, type Called } from './api-call.js';

/**
 * Puts bytes to an address that the API gave for them, part by part, in order.
 * @param partBytes the size of each part but the last
 * @param sends the last part sends the mail
 */
export async function uploadInParts(
  api: ApiCaller,
  address: string | null,
  bytes: Buffer,
  partBytes: number,
  sends: boolean,
): Promise<Called> {
  if (!address?.startsWith('https://')) return notSent(mailFailure('api-fault', 'It gave no address for the upload.'));
  for (let first = 0; ; first += partBytes) {
    const part = bytes.subarray(first, first + partBytes);
    const isLast = first + part.length === bytes.length;
    const called = await api.call({
      method: 'PUT',
      path: address,
      headers: { 'content-range': `bytes ${first}-${first + part.length - 1}/${bytes.length}` },
      body: part,
      sends: sends && isLast,
    });
    if (!called.ok || isLast) return called;
  }
}
