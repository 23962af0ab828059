import { CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';
import { completeWords } from './template-words';

const WORDS = [{ label: 'link', insert: 'link', detail: 'https://…', info: 'Where it leads' }];

function offered(text: string): CompletionResult | null {
  const context = new CompletionContext(EditorState.create({ doc: text }), text.length, false);
  return completeWords(() => WORDS)(context) as CompletionResult | null; // answers at once
}

it('offers names once two braces are open, from there on', () => {
  expect(offered('<p>{{')).toMatchObject({ from: 5, options: [{ label: 'link', detail: 'https://…' }] });
  expect(offered('<p>{{li')).toMatchObject({ from: 5 });
  expect(offered('<p>{{#')).toMatchObject({ from: 5 });
});

it('leaves everything else alone', () => {
  for (const text of ['<p', '{', 'li', '{{link}} and']) expect(offered(text)).toBeNull();
});
