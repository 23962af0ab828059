import { domainToASCII } from 'node:url';

import { mailFailure, type MailFailure } from './failures.js';

/** `name` is empty when there is none. `address` has its domain in lower case, as A-labels (RFC 5890). */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** RFC 5321 §4.5.3.1; the path's 256 octets include the angle brackets. */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const MAX_ADDRESS = 254;
/** Keeps header lines within 998 octets (RFC 5322 §2.1.1). */
const MAX_NAME = 200;
/** Of a whole field; longer input is refused before anything looks at it. */
const MAX_FIELD = 20_000;

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PLACEHOLDER = /\$\{[^}]*\}|\$\[[^\]]*\]/;

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: MailFailure };
class Refused extends Error {}

/**
 * A comma-separated list of `a@b`, `Name <a@b>`, `"Name, with comma" <a@b>` (RFC 5322 §3.4). Groups, comments, routes,
 * quoted local parts, address literals and control characters are refused: mail libraries disagree about them, and where
 * two readers disagree a mail goes to somebody else.
 */
export function parseMailboxes(text: string): Parsed<readonly Mailbox[]> {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const result = parseList(text);
  if (text.length > MAX_ADDRESS) return result;
  if (parsed.size >= MOST_KNOWN) parsed.clear();
  parsed.set(text, result);
  return result;
}

/** Rule chains write to the same people again and again, and each address is looked at several times on its way. */
const parsed = new Map<string, Parsed<readonly Mailbox[]>>();
const MOST_KNOWN = 1_000;

function parseList(text: string): Parsed<Mailbox[]> {
  const placeholder = PLACEHOLDER.exec(text.slice(0, MAX_FIELD))?.[0];
  if (placeholder !== undefined) return refused('address-placeholder', `"${placeholder}" is still there.`);
  try {
    return { ok: true, value: splitList(text).map(parseOne) };
  } catch (error) {
    if (error instanceof Refused) return refused('address-invalid', error.message);
    throw error;
  }
}

/** Exactly one. */
export function parseMailbox(text: string): Parsed<Mailbox> {
  const list = parseMailboxes(text);
  if (!list.ok) return list;
  const [one, ...more] = list.value;
  if (one === undefined || more.length > 0)
    return refused('address-invalid', `"${excerpt(text)}" must be exactly one address.`);
  return { ok: true, value: one };
}

const refused = (
  code: 'address-invalid' | 'address-placeholder',
  detail: string,
): { ok: false; failure: MailFailure } => ({
  ok: false,
  failure: mailFailure(code, detail),
});

/** Commas outside quotes separate; empty parts (a comma too many) are left out. */
function splitList(text: string): string[] {
  if (text.length > MAX_FIELD) throw new Refused(`It has more than ${MAX_FIELD} characters.`);
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(text))
    throw new Refused(`"${excerpt(text)}" holds a line break or another control character.`);
  const parts: string[] = [];
  let quoted = false;
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') quoted = !quoted;
    else if (char === '\\' && quoted) at++;
    else if (char === ',' && !quoted) {
      parts.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  parts.push(text.slice(begin));
  if (quoted) throw new Refused(`"${excerpt(text)}" has a quotation mark without its partner.`);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function parseOne(text: string): Mailbox {
  const open = text.lastIndexOf('<');
  if (open === -1) return { name: '', address: parseAddress(text, text) };
  if (!text.endsWith('>')) throw new Refused(`"${excerpt(text)}" has something behind the address.`);
  return { name: parseName(text.slice(0, open).trim(), text), address: parseAddress(text.slice(open + 1, -1), text) };
}

function parseName(phrase: string, whole: string): string {
  const name = /^"(?:[^"\\]|\\.)*"$/u.test(phrase) ? phrase.slice(1, -1).replace(/\\(.)/gu, '$1') : phrase;
  if (name === phrase && /[()<>[\]:;@\\"]/.test(phrase))
    throw new Refused(
      `"${excerpt(whole)}" is not "Name <address>"; put quotation marks around a name with special characters, and commas between addresses.`,
    );
  if (name.length > MAX_NAME) throw new Refused(`"${excerpt(whole)}" has a name of more than ${MAX_NAME} characters.`);
  return name;
}

function parseAddress(text: string, whole: string): string {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  if (at < 1 || /[^\x20-\x7e]/.test(local))
    throw new Refused(`"${excerpt(whole)}" is not an address with plain letters before the @.`);
  if (!LOCAL.test(local) || local.length > MAX_LOCAL)
    throw new Refused(`"${excerpt(whole)}" is not one address like name@example.org.`);
  const address = `${local}@${parseDomain(text.slice(at + 1), whole)}`;
  if (address.length > MAX_ADDRESS) throw new Refused(`"${excerpt(whole)}" is longer than ${MAX_ADDRESS} characters.`);
  return address;
}

/** Only a name with other than ASCII letters goes through IDNA: the URL host parser would turn `127.1` into an address. */
function parseDomain(text: string, whole: string): string {
  const ascii = /^[\x21-\x7e]+$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  const labels = ascii.split('.');
  const valid =
    ascii.length <= MAX_DOMAIN && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
  if (!valid) throw new Refused(`"${excerpt(whole)}" has no valid domain behind the @.`);
  return ascii;
}

/** What a person sees of a bad value: short and on one line. */
const excerpt = (text: string): string => text.replace(/\p{Cc}|\p{Zl}|\p{Zp}/gu, ' ').slice(0, 100);
