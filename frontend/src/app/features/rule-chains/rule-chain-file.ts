import type { RuleChainFile } from '../../core/api/models';

/** Larger files are refused before they are read: a rule chain is some kilobytes. */
export const MAX_FILE_BYTES = 2_000_000;

export type FileFault = 'tooLarge' | 'notJson';

/** @returns the file's content, or why it is none. */
export async function readRuleChainFile(file: File): Promise<RuleChainFile | FileFault> {
  if (file.size > MAX_FILE_BYTES) return 'tooLarge';
  try {
    const content: unknown = JSON.parse(await file.text());
    return isObject(content) ? content : 'notJson';
  } catch {
    return 'notJson'; // JSON.parse says where, but not in words for people.
  }
}

/** A file name from a chain's name, without what file systems refuse. */
export function fileNameOf(chainName: string): string {
  const name = chainName
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return (name || 'rule_chain') + '.json';
}

function isObject(value: unknown): value is RuleChainFile {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
