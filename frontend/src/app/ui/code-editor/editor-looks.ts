import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** In the tokens of the product, so that light and dark come by themselves. */
export const EDITOR_LOOKS = EditorView.theme({
  '&': { height: '100%', fontSize: '0.8125rem', color: 'var(--sp-ink)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--sp-font-mono)', lineHeight: '1.6' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--sp-ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--sp-ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--sp-ink-soft)', border: 'none' },
  '.cm-place': { color: 'var(--sp-accent-ink)', backgroundColor: 'var(--sp-accent-soft)', borderRadius: '4px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--sp-accent) 22%, transparent)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--sp-raised)',
    color: 'var(--sp-ink)',
    border: '1px solid var(--sp-line)',
    borderRadius: '10px',
    boxShadow: 'var(--sp-shadow-raised)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--sp-accent-soft)',
    color: 'var(--sp-accent-ink)',
  },
  '.cm-completionDetail': { color: 'var(--sp-ink-soft)', fontStyle: 'normal' },
  '.cm-completionIcon': { display: 'none' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 10px', maxWidth: '320px' },
});

export const EDITOR_COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.tagName, tags.angleBracket], color: 'var(--sp-accent)' },
    { tag: tags.attributeName, color: 'var(--sp-major-ink)' },
    { tag: tags.attributeValue, color: 'var(--sp-positive-ink)' },
    { tag: tags.comment, color: 'var(--sp-ink-soft)' },
  ]),
);
