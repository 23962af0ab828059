/** What a person should know about an imported node before it runs here. */
import type { RuleNode } from '../language/rule-chain.js';
import type { Json } from '../language/rule-message.js';
import { tbelOnlySyntax } from '../language/tbel.js';
import { SMTP_SECRETS, type ExtractedSmtp } from './extracted-smtp.js';
import type { FileNode } from './file-schema.js';
import { info, warning, type Note } from './notes.js';

export function notesOnNode({ type, config }: RuleNode, file: FileNode, smtp: ExtractedSmtp | null): Note[] {
  const notes = scriptNotes(config);
  if (type === 'transformation/to-email') notes.push(...recipientNotes(config['toTemplate']));
  if (type === 'external/send-email') notes.push(...mailServerNotes(file, smtp));
  if (type === 'flow/rule-chain' && config['forwardMsgToDefaultRuleChain'] === true)
    notes.push(info('Devices have no profiles with a rule chain of their own here: the chosen chain is used.'));
  if (type === 'action/device-profile')
    notes.push(info('Passes every message on at Success: alarm rules of device profiles do not exist here.'));
  return notes;
}

function scriptNotes(config: RuleNode['config']): Note[] {
  if (config['scriptLang'] !== 'TBEL') return [];
  const source = config['tbelScript'] ?? config['alarmDetailsBuildTbel'];
  const found = typeof source === 'string' ? tbelOnlySyntax(source) : [];
  if (found.length === 0) return [info('The script is TBEL; it runs as JavaScript.')];
  return found.map((sentence) => warning(`The script cannot run as it is: ${sentence}`));
}

/** A recipient that holds neither a placeholder nor an address was meant to be replaced. */
function recipientNotes(to: Json | undefined): Note[] {
  if (typeof to !== 'string' || to.trim() === '') return [warning('The mail has no recipient. Enter one in "To".')];
  if (to.includes('@') || to.includes('${') || to.includes('$[')) return [];
  return [warning(`The recipient "${to}" is no mail address. Enter one in "To".`)];
}

function mailServerNotes({ configuration }: FileNode, smtp: ExtractedSmtp | null): Note[] {
  const password = SMTP_SECRETS.some((key) => configuration?.[key]);
  if (smtp)
    return [
      info(
        `Its SMTP settings (${smtp.host}:${smtp.port}) belong into a mail server of the tenant, not into the chain.`,
      ),
    ];
  const system = info(
    "Sends by the system's mail server where this tenant may use it, else by the tenant's default one.",
  );
  return password ? [system, info('The password in the file is not used and was not taken over.')] : [system];
}
