import type { OutboundSettings } from '@signalpost/contracts';
import DKIM from 'nodemailer/lib/dkim';

import { mailFailure, type MailFailure } from '../failures.js';

type DkimSettings = NonNullable<OutboundSettings['dkim']>;

/** RFC 6376, with an RSA key. The same mail gets the same signature: it names no time. */
export async function signDkim(raw: Buffer, settings: DkimSettings): Promise<Buffer | MailFailure> {
  const { domain: domainName, selector: keySelector, privateKey } = settings;
  const chunks: Buffer[] = [];
  const signed = new DKIM({ domainName, keySelector, privateKey }).sign(raw) as AsyncIterable<Buffer>; // no encoding is set, so chunks are buffers
  for await (const chunk of signed) chunks.push(chunk);
  const mail = Buffer.concat(chunks);
  return mail.subarray(0, 15).toString('latin1').toLowerCase() === 'dkim-signature:'
    ? mail
    : mailFailure('signature-impossible', `It is for ${domainName}, selector ${keySelector}.`);
}
