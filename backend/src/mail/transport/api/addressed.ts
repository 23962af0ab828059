import { parseMailboxes } from '../../addresses.js';

interface Head {
  /** Each header with its folded lines, line ends with it. */
  readonly fields: readonly string[];
  readonly body: Buffer;
}

const nameOf = (field: string): string => field.slice(0, field.indexOf(':')).toLowerCase();

/**
 * The mail with its envelope in its header: APIs read the recipients there, and take Bcc out again. Whoever is in To or Cc
 * and has the mail already (it was partly accepted once) is left out, or the mail would reach them twice.
 */
export function addressed(raw: Buffer, recipients: readonly string[]): Buffer {
  const { fields, body } = splitHead(raw);
  const wanted = new Set(recipients.map((address) => address.toLowerCase()));
  const kept = fields.filter((field) => nameOf(field) !== 'bcc').map((field) => only(field, wanted));
  const named = new Set(kept.filter(isAddressed).flatMap((field) => addressesOf(field)));
  const hidden = recipients.filter((address) => !named.has(address.toLowerCase()));
  const bcc = hidden.length === 0 ? [] : [`Bcc: ${hidden.join(',\r\n ')}\r\n`];
  return Buffer.concat([Buffer.from([...kept, ...bcc, '\r\n'].join(''), 'latin1'), body]);
}

const isAddressed = (field: string): boolean => ['to', 'cc'].includes(nameOf(field));

function only(field: string, wanted: ReadonlySet<string>): string {
  if (!isAddressed(field)) return field;
  const mailboxes = read(field);
  const open = mailboxes.filter(({ address }) => wanted.has(address.toLowerCase()));
  if (open.length === mailboxes.length) return field;
  const list = open.map(({ name, address }) => (name === '' ? address : `${quoted(name)} <${address}>`));
  return open.length === 0 ? '' : `${field.slice(0, field.indexOf(':'))}: ${list.join(',\r\n ')}\r\n`;
}

const addressesOf = (field: string): string[] => read(field).map(({ address }) => address.toLowerCase());

/** Made by ourselves, so it can be read. */
function read(field: string) {
  const parsed = parseMailboxes(
    field
      .slice(field.indexOf(':') + 1)
      .replace(/\r\n[ \t]+/g, ' ')
      .trim(),
  );
  return parsed.ok ? parsed.value : [];
}

/** An encoded word must not be quoted (RFC 2047 §5). */
const quoted = (name: string): string => (/^=\?.*\?=$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`);

function splitHead(raw: Buffer): Head {
  const end = raw.indexOf('\r\n\r\n');
  const text = raw.subarray(0, end === -1 ? raw.length : end + 2).toString('latin1');
  const fields = text.match(/[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*/g) ?? [];
  return { fields, body: end === -1 ? Buffer.alloc(0) : raw.subarray(end + 4) };
}
