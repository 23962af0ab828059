import type { AddressObject, ParsedMail } from 'mailparser';

import type { ComposedMail } from '../mail-transport.js';

/** Graph's `fileAttachment`. */
export interface GraphAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly isInline: boolean;
  readonly contentId?: string;
  readonly bytes: Buffer;
}

interface Recipient {
  readonly emailAddress: { readonly name?: string; readonly address: string };
}

export interface GraphMessage {
  readonly message: Readonly<Record<string, unknown>>;
  readonly attachments: readonly GraphAttachment[];
}

/**
 * A composed mail as Graph's message resource. Its Message-ID stays; of the headers Graph takes those that begin with
 * `x-` alone, and the plain text of an HTML mail is made anew by Exchange.
 */
export async function draftOf({ raw, messageId, recipients }: ComposedMail): Promise<GraphMessage> {
  const { simpleParser } = await import('mailparser'); // with the first mail
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipTextLinks: true, keepCidLinks: true });
  const wanted = new Set(recipients.map((address) => address.toLowerCase()));
  const isOpen = ({ emailAddress }: Recipient): boolean => wanted.has(emailAddress.address.toLowerCase());
  const [to, cc] = [addressesOf(mail.to).filter(isOpen), addressesOf(mail.cc).filter(isOpen)];
  const named = new Set([...to, ...cc].map(({ emailAddress }) => emailAddress.address.toLowerCase()));
  const bcc = recipients.filter((address) => !named.has(address.toLowerCase()));
  const [from] = addressesOf(mail.from);
  return {
    message: {
      subject: mail.subject ?? '',
      body: bodyOf(mail),
      ...(from === undefined ? {} : { from }),
      toRecipients: to,
      ccRecipients: cc,
      bccRecipients: bcc.map((address) => ({ emailAddress: { address } })),
      replyTo: addressesOf(mail.replyTo),
      internetMessageId: messageId,
      internetMessageHeaders: ownHeaders(mail),
      ...(mail.priority === undefined ? {} : { importance: mail.priority }),
    },
    attachments: mail.attachments.map(({ filename, contentType, contentDisposition, cid, content }, index) => ({
      name: filename ?? `attachment-${index + 1}`,
      contentType,
      isInline: contentDisposition === 'inline',
      ...(cid === undefined ? {} : { contentId: cid }),
      bytes: content,
    })),
  };
}

const bodyOf = ({ html, text = '' }: ParsedMail) =>
  typeof html === 'string' ? { contentType: 'html', content: html } : { contentType: 'text', content: text };

function addressesOf(list: AddressObject | AddressObject[] | undefined): Recipient[] {
  const all = list === undefined ? [] : Array.isArray(list) ? list : [list];
  return all
    .flatMap(({ value }) => value)
    .flatMap(({ name, address }) =>
      address === undefined ? [] : [{ emailAddress: { ...(name === '' ? {} : { name }), address } }],
    );
}

/** At most five, says Microsoft. */
const MAX_HEADERS = 5;
const ownHeaders = (mail: ParsedMail) =>
  mail.headerLines
    .filter(({ key }) => key.startsWith('x-'))
    .slice(0, MAX_HEADERS)
    .map(({ key, line }) => ({
      name: key,
      value: line
        .slice(line.indexOf(':') + 1)
        .replace(/\r?\n[ \t]*/g, ' ')
        .trim(),
    }));
