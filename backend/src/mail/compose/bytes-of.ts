import type MimeNode from 'nodemailer/lib/mime-node';
import { encode, wrap } from 'nodemailer/lib/qp';

/** RFC 2045 §6.7 (5). */
const LINE_LENGTH = 76;
/** Longer texts are encoded in pieces, as nodemailer does it. */
const MOST_CHARACTERS = 10_000;

/**
 * The bytes of a mail. A mail of one text, as most alarms are, is put together at once; nodemailer leads each through five
 * streams, which costs more than sending it. The bytes are the same.
 */
export async function bytesOf(node: MimeNode): Promise<Buffer> {
  const text = encodedText(node);
  if (text === null) return node.build();
  const ending = text.endsWith('\n') ? '' : '\r\n';
  return Buffer.from(`${node.buildHeaders()}\r\n\r\n${text}${ending}`);
}

/** null: it is no mail of one short text. */
function encodedText(node: MimeNode): string | null {
  const { content } = node;
  if (node.multipart || typeof content !== 'string' || content === '' || content.length > MOST_CHARACTERS) return null;
  if (content.endsWith('\r')) return null;
  switch (node.getTransferEncoding()) {
    case '7bit':
      return content;
    case 'quoted-printable':
      return wrap(encode(content), LINE_LENGTH);
    default:
      return null;
  }
}
