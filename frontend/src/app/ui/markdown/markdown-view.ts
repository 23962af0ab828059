import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { CopyButton } from '../copy/copy-button';
import { type Block, type Inline, parseMarkdown } from './markdown';

/** Markdown as elements: no HTML of the text gets through, links open in a tab of their own, code can be copied. */
@Component({
  selector: 'sp-markdown',
  imports: [CopyButton, NgTemplateOutlet, TranslocoPipe],
  templateUrl: './markdown-view.html',
  styleUrl: './markdown-view.scss',
})
export class MarkdownView {
  readonly text = input.required<string>();
  /** Level of the text's first headings on the page. */
  readonly level = input(2);
  protected readonly blocks = computed(() => parseMarkdown(this.text()));

  protected levelOf(level: number): number {
    return Math.min(6, this.level() + level - 1);
  }

  /** Contexts of templates are not typed. */
  protected asBlocks(blocks: readonly Block[]): readonly Block[] {
    return blocks;
  }

  protected asInline(inline: readonly Inline[]): readonly Inline[] {
    return inline;
  }
}
