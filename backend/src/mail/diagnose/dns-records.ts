import { Resolver } from 'node:dns/promises';

import type { DnsRecords } from '@signalpost/contracts';

/** All TXT records of a name, each as one text; empty where there is none. @throws where the DNS does not answer */
export type LookUpTxt = (name: string) => Promise<readonly string[]>;

/** c-ares: the name was not found, or has no TXT. */
const ABSENT: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA']);
const MAX_RECORD = 1_000;

export const systemLookUpTxt: LookUpTxt = async (name) => {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    const { code } = Object(error) as { code?: unknown }; // Object() makes any value indexable
    if (ABSENT.has(code)) return [];
    throw error;
  }
};

/** SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of a From domain; what is amiss stands in `notes`. */
export async function readDnsRecords(
  lookUp: LookUpTxt,
  domain: string,
  dkimSelector: string | undefined,
): Promise<DnsRecords> {
  const [spf, dkim, dmarc] = await Promise.all([
    readSpf(lookUp, domain),
    dkimSelector === undefined ? { text: null, notes: [] } : readDkim(lookUp, `${dkimSelector}._domainkey.${domain}`),
    readDmarc(lookUp, domain),
  ]);
  const notes = [...spf.notes, ...dkim.notes, ...dmarc.notes];
  return { domain, spf: spf.text, dkim: dkim.text, dmarc: dmarc.text, notes };
}

interface Found {
  readonly text: string | null;
  readonly notes: readonly string[];
}

const found = (text: string | undefined, ...notes: readonly (string | false)[]): Found => ({
  text: text?.slice(0, MAX_RECORD) ?? null,
  notes: notes.filter((note) => note !== false),
});

async function readSpf(lookUp: LookUpTxt, domain: string): Promise<Found> {
  const records = (await lookUp(domain)).filter((text) => /^v=spf1( |$)/i.test(text));
  const [first] = records;
  if (first === undefined)
    return found(
      undefined,
      `${domain} has no SPF record: receivers cannot see that this server may send for it. Publish the one that the provider names.`,
    );
  return found(
    first,
    records.length > 1 &&
      `${domain} has ${records.length} SPF records; receivers then ignore all of them. Merge them into one.`,
    /(^| )\+?all( |$)/i.test(first) &&
      `The SPF record of ${domain} allows everybody to send for it ("+all"). End it with "-all" or "~all".`,
    lookUps(first) > 10 &&
      `The SPF record of ${domain} needs more than ten look-ups; receivers then ignore it. Shorten it.`,
  );
}

/** Of this record alone (RFC 7208 §4.6.4); what it includes may need more. */
const lookUps = (record: string): number =>
  record.split(/\s+/).filter((term) => /^[+?~-]?(include:|a\b|mx\b|ptr\b|exists:)|^redirect=/i.test(term)).length;

async function readDkim(lookUp: LookUpTxt, name: string): Promise<Found> {
  const record = (await lookUp(name)).find((text) => /(^|;)\s*p=/i.test(text));
  if (record === undefined)
    return found(
      undefined,
      `There is no DKIM key at ${name}: signatures made with it fail. Publish the one that belongs to the selector.`,
    );
  return found(
    record,
    /(^|;)\s*p=\s*(;|$)/i.test(record) && `The DKIM key at ${name} is revoked (empty). Publish a new one.`,
  );
}

/** Of the domain, or else of the domains above it: without the list of public suffixes, down to two labels. */
async function readDmarc(lookUp: LookUpTxt, domain: string): Promise<Found> {
  for (let name = domain; name.split('.').length >= 2; name = name.slice(name.indexOf('.') + 1)) {
    const record = (await lookUp(`_dmarc.${name}`)).find((text) => /^v=DMARC1\s*;/i.test(text));
    if (record !== undefined)
      return found(
        record,
        !/;\s*p=(none|quarantine|reject)/i.test(record) &&
          `The DMARC record of ${name} has no policy ("p="); receivers ignore it.`,
      );
  }
  return found(
    undefined,
    `${domain} has no DMARC record: Google, Yahoo and Microsoft ask those who send much for one. Publish at least "v=DMARC1; p=none".`,
  );
}
