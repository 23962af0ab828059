import { parseMailbox } from '../addresses.js';
import { readDnsRecords, type LookUpTxt } from './dns-records.js';
import type { DoctorTarget } from './doctor-target.js';
import type { StepOutcome } from './step-log.js';

const RECORDS_CAUSE = 'Mails may be taken for spam or be refused by the receiver, although the server takes them.';

/** SPF, DKIM and DMARC of the From domain: a soft step. */
export async function readRecords(
  { from, skipDnsRecords, dkimSelector }: DoctorTarget,
  { lookUpTxt, signal }: { readonly lookUpTxt: LookUpTxt; readonly signal: AbortSignal },
): Promise<StepOutcome<'dns-records'>> {
  const domain = parseMailbox(from).ok ? from.slice(from.lastIndexOf('@') + 1) : '';
  if (skipDnsRecords === true || domain === '' || signal.aborted) return { state: 'skipped', detail: 'Not looked up.' };
  const records = await readDnsRecords(lookUpTxt, domain, dkimSelector).catch(() => undefined);
  if (records === undefined) return { state: 'warning', detail: `The DNS did not answer about ${domain}.` };
  const [first] = records.notes;
  if (first === undefined) return { detail: `The records of ${domain} are in place.`, records };
  const explained = { code: 'dns-records', cause: RECORDS_CAUSE, fix: first };
  return { state: 'warning', detail: records.notes.join(' '), ...explained, records };
}
