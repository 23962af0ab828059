import { parse, v5 as uuidV5 } from 'uuid';

/** Browsers and Node.js have it (https://encoding.spec.whatwg.org); this package is compiled for neither of them. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
const utf8 = new TextEncoder();

/** Namespace of all ids that Signalpost derives; a constant, or redelivery would make new ids. */
const NAMESPACE = parse('6f0e3a52-7a3c-5c0e-9a57-2f0b6c1f7d11');

/**
 * The id of something that follows from a message: the same cause always gives the same id, so that a message which is
 * run twice (redelivery, retry) makes the same children, parks under the same id and sends the same mail.
 *
 * @param parentId the message's id
 * @param nodeId the node that derives
 * @param output the output's label, or a word for what is derived (`park`, `enter`)
 * @param index which of several from the same output
 */
export function deriveId(parentId: string, nodeId: string, output: string, index: number): string {
  return uuidV5(utf8.encode(`${parentId}\n${nodeId}\n${output}\n${index}`), NAMESPACE);
}
