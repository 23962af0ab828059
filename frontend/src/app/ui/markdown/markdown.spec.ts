import { describe, expect, it } from 'vitest';
import { type Block, type Inline, parseInline, parseMarkdown } from './markdown';

// Angular's test build is made for browsers and refuses `import 'node:fs'`; the tests themselves run in Node.
const { readFileSync, readdirSync } = process.getBuiltinModule('node:fs');
const PROVIDERS = process.cwd() + '/../backend/src/mail/providers/';

describe('Markdown', () => {
  it('becomes blocks', () => {
    const [heading, text, list, code, table] = parseMarkdown(
      '# One `two`\n\nA line\nand more.\n\n1. first\n2. second:\n\n   ```sh\n   run --it\n   ```\n\n   - inner\n\n```\na | b\n```\n\n| A | B |\n| --- | --- |\n| 1 | **2** |\n',
    );
    expect(heading).toMatchObject({
      kind: 'heading',
      level: 1,
      inline: [{ text: 'One ' }, { kind: 'code', text: 'two' }],
    });
    expect(text).toMatchObject({ kind: 'paragraph', inline: [{ text: 'A line and more.' }] });
    expect(list).toMatchObject({
      kind: 'list',
      ordered: true,
      items: [
        [{ kind: 'paragraph' }],
        [{ kind: 'paragraph' }, { kind: 'code', language: 'sh', text: 'run --it' }, { kind: 'list', ordered: false }],
      ],
    });
    expect(code).toMatchObject({ kind: 'code', text: 'a | b' });
    expect(table).toMatchObject({
      kind: 'table',
      head: [[{ text: 'A' }], [{ text: 'B' }]],
      rows: [[[{ text: '1' }], [{ kind: 'strong' }]]],
    });
  });

  it('has pieces in a line, and no other links than http', () => {
    expect(parseInline('a `b` **c** _d_ [e](https://f.example/g) [h](javascript:i) j_k_l')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', text: 'd' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'e', url: 'https://f.example/g' },
      { kind: 'text', text: ' [h](javascript:i) j_k_l' },
    ]);
  });
});

const GUIDES = readdirSync(PROVIDERS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => [name, readFileSync(`${PROVIDERS}${name}/guide.md`, 'utf8')] as const);

it.each(GUIDES)('reads the whole guide of %s', (_name, guide) => {
  const leftovers = parseMarkdown(guide)
    .flatMap(linesOf)
    .filter(({ kind, text }) => kind === 'text' && /\*\*|`|\]\(|^#|^- |\|/.test(text));
  expect(leftovers).toEqual([]);
});

function linesOf(block: Block): readonly Inline[] {
  if (block.kind === 'code') return [];
  if (block.kind === 'list') return block.items.flat().flatMap(linesOf);
  if (block.kind === 'table') return [...block.head, ...block.rows.flat()].flat();
  return block.inline;
}
