import {
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  effect,
  inject,
  input,
  model,
  signal,
  untracked,
} from '@angular/core';
import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { html } from '@codemirror/lang-html';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import { EditorView, drawSelection, keymap, lineNumbers, tooltips } from '@codemirror/view';
import { EDITOR_COLOURS, EDITOR_LOOKS } from './editor-looks';
import { type CodeWord, completeWords, markPlaces } from './template-words';

/** What is wrong in the text; line and column count from 1. */
export interface CodeProblem {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** A text with places in double braces, in CodeMirror: completes names, marks places and problems. Tab leaves it. */
@Component({
  selector: 'sp-code-editor',
  template: '',
  styleUrl: './code-editor.scss',
})
export class CodeEditor {
  readonly value = model.required<string>();
  /** The name for screen readers. */
  readonly label = input.required<string>();
  readonly language = input<'html' | 'text'>('text');
  /** Offered after "{{". */
  readonly words = input<readonly CodeWord[]>([]);
  readonly problems = input<readonly CodeProblem[]>([]);

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly view = signal<EditorView | null>(null);

  constructor() {
    afterNextRender(() => this.view.set(this.open()));
    inject(DestroyRef).onDestroy(() => this.view()?.destroy());
    effect(() => this.take(this.value(), this.view()));
    effect(() => this.mark(this.problems(), this.view()));
  }

  /** Puts it where the cursor is. */
  insert(text: string): void {
    const view = this.view();
    view?.dispatch(view.state.replaceSelection(text), { scrollIntoView: true });
    view?.focus();
  }

  private open(): EditorView {
    const state = EditorState.create({ doc: untracked(this.value), extensions: this.extensions() });
    return new EditorView({ state, parent: this.host.nativeElement });
  }

  private extensions(): Extension {
    return [
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      bracketMatching(),
      tooltips({ position: 'fixed' }), // the editor's frame cuts off what leaves it
      autocompletion({ override: [completeWords(() => this.words())] }),
      keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      untracked(this.language) === 'html' ? html({ autoCloseTags: false }) : [],
      EDITOR_COLOURS,
      markPlaces,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': untracked(this.label) }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.value.set(update.state.doc.toString());
      }),
      EDITOR_LOOKS,
    ];
  }

  private take(value: string, view: EditorView | null): void {
    if (view === null || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }

  private mark(problems: readonly CodeProblem[], view: EditorView | null): void {
    if (view === null) return;
    view.dispatch(
      setDiagnostics(
        view.state,
        problems.map((problem) => diagnostic(problem, view.state.doc)),
      ),
    );
  }
}

/** From the place to the end of its word. */
function diagnostic({ message, line, column }: CodeProblem, doc: Text): Diagnostic {
  const place = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  const from = Math.min(place.from + Math.max((column ?? 1) - 1, 0), place.to);
  const [word = ''] = /^[{#/]*[\w.]*/.exec(doc.sliceString(from, place.to)) ?? [];
  return { from, to: Math.min(from + Math.max(word.length, 1), Math.max(place.to, from)), severity: 'error', message };
}
