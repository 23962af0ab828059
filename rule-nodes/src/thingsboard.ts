/** ThingsBoard's rule-chain files in and out: for the backend alone. */
export { assignMailServers } from './thingsboard/assign-mail-servers.js';
export { exportRuleChain, type ExportableChain } from './thingsboard/export-rule-chain.js';
export type { ExtractedSmtp } from './thingsboard/extracted-smtp.js';
export {
  importRuleChain,
  type ImportedChain,
  type ImportOptions,
  type ImportReport,
  type ImportResult,
} from './thingsboard/import-rule-chain.js';
export type { NoteLevel } from './thingsboard/notes.js';
