import { type Completion, type CompletionContext, type CompletionSource, snippet } from '@codemirror/autocomplete';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** Something that can stand in double braces. */
export interface CodeWord {
  readonly label: string;
  /** What is put in after "{{"; with `${}` where the cursor goes on. */
  readonly insert: string;
  /** Few words beside the name. */
  readonly detail: string;
  readonly info: string;
}

const BEGUN = /\{\{[#/]?\w*$/;

/** Offers the words once two braces are open. */
export function completeWords(words: () => readonly CodeWord[]): CompletionSource {
  return (context: CompletionContext) => {
    const begun = context.matchBefore(BEGUN);
    if (begun === null) return null;
    return { from: begun.from + 2, options: words().map(toCompletion), validFor: /^[#/]?\w*$/ };
  };
}

function toCompletion({ label, insert, detail, info }: CodeWord): Completion {
  const apply = (view: EditorView, completion: Completion, from: number, to: number): void => {
    const closed = view.state.sliceDoc(to, to + 2) === '}}';
    snippet(insert + (closed ? '' : '}}'))(view, completion, from, to);
  };
  return { label, detail, info, apply, type: 'variable' };
}

const places = new MatchDecorator({
  regexp: /\{\{[^{}]*\}\}/g,
  decoration: Decoration.mark({ class: 'cm-place' }),
});

/** Shows what is filled in, in HTML and in text alike. */
export const markPlaces = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = places.createDeco(view);
    }

    update(update: ViewUpdate): void {
      this.decorations = places.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
