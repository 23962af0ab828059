/** A reply of a server (RFC 5321 §4.2), its lines without code and separator. */
export interface SmtpReply {
  readonly code: number;
  readonly lines: readonly string[];
}

export type ReplyFault = 'not-smtp' | 'reply-too-long';

export type ReadReply =
  | { readonly kind: 'more' }
  | { readonly kind: 'reply'; readonly reply: SmtpReply; readonly rest: Buffer }
  | { readonly kind: 'fault'; readonly fault: ReplyFault; readonly text: string };

/** RFC 5321 §4.5.3.1.5 allows 512; servers with long texts exist. */
const MAX_LINE_BYTES = 4_096;
const MAX_LINES = 128;
const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/;

/** Reads one reply from the beginning of `bytes`. A lone LF ends a line, too: what is to be diagnosed may be broken. */
export function readReply(bytes: Buffer): ReadReply {
  const lines: string[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf(0x0a, at);
    const length = (end === -1 ? bytes.length : end) - at;
    if (length > MAX_LINE_BYTES || lines.length >= MAX_LINES) return fault('reply-too-long', bytes);
    if (end === -1) return looksWrong(bytes.subarray(at)) ? fault('not-smtp', bytes.subarray(at)) : { kind: 'more' };
    const line = bytes.toString('utf8', at, end).replace(/\r$/, '');
    const [, code, separator, text = ''] = LINE.exec(line) ?? [];
    if (code === undefined) return fault('not-smtp', bytes.subarray(at, end));
    lines.push(text);
    at = end + 1;
    if (separator !== '-') return { kind: 'reply', reply: { code: Number(code), lines }, rest: bytes.subarray(at) };
  }
}

/** An unfinished line that cannot become a reply any more: no need to wait for its end. */
const looksWrong = (line: Buffer): boolean => line.length >= 4 && !/^[2-5]\d\d[ -]/.test(line.toString('latin1', 0, 4));

const fault = (kind: ReplyFault, bytes: Buffer): ReadReply => ({
  kind: 'fault',
  fault: kind,
  text: bytes.toString('utf8', 0, MAX_LINE_BYTES),
});

const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})\s+/;

/** One line for people and for the table of causes; an enhanced code (RFC 3463) that every line repeats is said once. */
export function replyText({ code, lines }: SmtpReply): string {
  const enhanced = ENHANCED.exec(lines[0] ?? '')?.[1];
  const texts = lines.map((line, index) =>
    index > 0 && ENHANCED.exec(line)?.[1] === enhanced ? line.replace(ENHANCED, '') : line,
  );
  return [String(code), ...texts].join(' ').trim();
}
