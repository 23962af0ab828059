import { expect, it } from 'vitest';
import { MAX_FILE_BYTES, fileNameOf, readRuleChainFile } from './rule-chain-file';

function file(content: string): File {
  return new File([content], 'chain.json');
}

it('reads a file that holds an object', async () => {
  expect(await readRuleChainFile(file('{"ruleChain":{"name":"A"}}'))).toEqual({ ruleChain: { name: 'A' } });
});

it.each(['', 'not json', '[]', '7', 'null'])('refuses %j as no rule chain', async (content) => {
  expect(await readRuleChainFile(file(content))).toBe('notJson');
});

it('refuses a file that is too large without reading it', async () => {
  expect(await readRuleChainFile(file(' '.repeat(MAX_FILE_BYTES + 1)))).toBe('tooLarge');
});

it.each([
  ['Create & Clear Alarms', 'create_clear_alarms.json'],
  ['Größe/Höhe: ../x', 'größe_höhe_x.json'],
  ['***', 'rule_chain.json'],
])('names the file of %j %s', (name, expected) => {
  expect(fileNameOf(name)).toBe(expected);
});
