import { Component, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import type { Language, MailTemplateText, MailVariable, SystemMailId } from '../../core/api/models';
import { LANGUAGE } from '../../core/api/models/language-array';
import { Choice } from '../../ui/choice/choice';
import { CodeEditor } from '../../ui/code-editor/code-editor';
import type { CodeWord } from '../../ui/code-editor/template-words';
import { Confirm } from '../../ui/dialog/confirm';
import { FieldFrame } from '../../ui/field/field';
import { Page } from '../../ui/page/page';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { Tag } from '../../ui/status/tag';
import { Toasts } from '../../ui/toast/toasts';
import { HistoryDialog } from './history-dialog';
import { MailPreviewPanel } from './mail-preview';
import { type TemplateKey, TemplateEditorStore } from './template-store';

/** The preview follows so soon after the last key. */
const PAUSE_MS = 350;

/** One mail in one language: its words, what can be named in them, and the mail as it will look. */
@Component({
  selector: 'sp-template-editor',
  imports: [
    Choice,
    CodeEditor,
    FieldFrame,
    MailPreviewPanel,
    MatButton,
    MatIcon,
    MatSlideToggle,
    Page,
    ProblemState,
    RouterLink,
    Skeleton,
    Tag,
    TranslocoPipe,
  ],
  providers: [TemplateEditorStore],
  templateUrl: './template-editor.html',
  styleUrl: './template-editor.scss',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class TemplateEditor {
  /** From the address. */
  readonly id = input.required<SystemMailId>();
  readonly language = input.required<Language>();

  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(MatDialog);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly store = inject(TemplateEditorStore);
  protected readonly htmlEditor = viewChild<CodeEditor>('html');
  protected readonly key = computed<TemplateKey>(() => ({ id: this.id(), language: this.language() }));
  protected readonly editing = signal<'edit' | 'preview'>('edit');
  protected readonly languages = LANGUAGE.map((value) => ({ value, label: this.say('language.' + value) }));
  protected readonly views = (['edit', 'preview'] as const).map((value) => ({
    value,
    label: this.say('view.' + value),
  }));
  protected readonly words = computed<readonly CodeWord[]>(() => {
    const template = this.store.stored();
    if (template === null) return [];
    const variables = template.variables.map(({ name, sample }) => ({
      ...{ label: name, insert: name, detail: sample, info: this.say('variable.' + name) },
    }));
    const helpers = template.helpers.map(({ name }) => ({
      ...HELPERS[name],
      label: name,
      detail: '',
      info: this.say('helper.' + name),
    }));
    return [...variables, ...helpers.filter(hasInsert), CONDITION(this.say('condition'))];
  });
  protected readonly htmlProblems = computed(() => this.store.problemsOf('html'));
  protected readonly textProblems = computed(() => this.store.problemsOf('text'));
  protected readonly subjectProblem = computed(() => this.store.problemsOf('subject')[0]?.message ?? '');

  constructor() {
    effect(() => {
      const key = this.key();
      untracked(() => void this.store.read(key));
    });
    effect((onCleanup) => {
      const key = this.key();
      if (this.store.draft().html === '' && this.store.stored() === null) return;
      const timer = setTimeout(() => void this.store.look(key), PAUSE_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  async mayLeave(): Promise<boolean> {
    return !this.store.dirty() || (await this.ask('leave'));
  }

  protected warn(event: BeforeUnloadEvent): void {
    if (this.store.dirty()) event.preventDefault();
  }

  protected show(language: Language): void {
    void this.router.navigate(['/mail-templates', this.id(), language]);
  }

  protected placeOf(name: string): string {
    return `{{${name}}}`;
  }

  protected insert({ name, kind }: MailVariable): void {
    this.htmlEditor()?.insert(kind === 'link' ? `{{button ${name} "…"}}` : `{{${name}}}`);
  }

  protected ownText(own: boolean): void {
    this.store.change({ text: own ? (this.store.preview()?.text ?? '').replace(/\n-- \n[\s\S]*$/, '') : null });
  }

  protected async save(): Promise<void> {
    if (await this.store.save(this.key())) this.toasts.done(this.say('saved'));
  }

  protected async reset(): Promise<void> {
    if ((await this.ask('reset')) && (await this.store.reset(this.key()))) this.toasts.done(this.say('wasReset'));
  }

  protected async sendToMe(): Promise<void> {
    const address = await this.store.sendToMe(this.key());
    if (address !== null) this.toasts.done(this.transloco.translate('mailTemplates.sentTo', { address }));
  }

  protected async openHistory(): Promise<void> {
    const open = this.dialog.open<HistoryDialog, TemplateKey, MailTemplateText>(HistoryDialog, {
      data: this.key(),
      width: '560px',
    });
    const text = await firstValueFrom(open.afterClosed());
    if (text) this.store.draft.set(text);
  }

  private ask(what: 'leave' | 'reset'): Promise<boolean> {
    const text = (part: string): string => this.say(`${what}.${part}`);
    return this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') });
  }

  private say(key: string): string {
    return this.transloco.translate('mailTemplates.' + key);
  }
}

const HELPERS: Readonly<Record<string, { readonly insert: string }>> = {
  button: { insert: 'button ${link} "${Label}"' },
  digits: { insert: 'digits ${code}' },
};

const hasInsert = (word: {
  readonly insert?: string;
  readonly label: string;
  readonly detail: string;
  readonly info: string;
}): word is CodeWord => word.insert !== undefined;

const CONDITION = (info: string): CodeWord => ({
  ...{ label: '#if', detail: '', info },
  insert: '#if ${name}}}${…}{{/if',
});
