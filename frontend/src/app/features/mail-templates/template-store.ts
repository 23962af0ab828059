import { Injectable, computed, inject, signal } from '@angular/core';
import { Api } from '../../core/api/api';
import {
  getMailTemplate,
  previewMailTemplate,
  resetMailTemplate,
  saveMailTemplate,
  sendMailTemplateToMe,
} from '../../core/api/functions';
import type { Language, MailPreview, MailTemplate, MailTemplateText, SystemMailId } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import type { CodeProblem } from '../../ui/code-editor/code-editor';

export interface TemplateKey {
  readonly id: SystemMailId;
  readonly language: Language;
}

export type Part = keyof MailTemplateText;

const EMPTY: MailTemplateText = { subject: '', html: '', text: null };

/** One text under edit: what is stored, what is typed, how it looks, and what is wrong with it. */
@Injectable()
export class TemplateEditorStore {
  private readonly api = inject(Api);
  private asked = 0;

  readonly stored = signal<MailTemplate | null>(null);
  readonly draft = signal<MailTemplateText>(EMPTY);
  readonly preview = signal<MailPreview | null>(null);
  /** What keeps the text from being sent. */
  readonly refused = signal<ApiProblem | null>(null);
  /** What went wrong besides. */
  readonly problem = signal<ApiProblem | null>(null);
  readonly busy = signal(false);
  readonly dirty = computed(() => {
    const stored = this.stored()?.text;
    const draft = this.draft();
    return stored !== undefined && (['subject', 'html', 'text'] as const).some((part) => stored[part] !== draft[part]);
  });

  problemsOf(part: Part): readonly CodeProblem[] {
    const errors = this.refused()?.facts.errors ?? [];
    return errors
      .filter(({ pointer }) => pointer === '/' + part)
      .map(({ message, line, column }) => ({ message, line: line ?? null, column: column ?? null }));
  }

  change(change: Partial<MailTemplateText>): void {
    this.draft.update((draft) => ({ ...draft, ...change }));
  }

  async read(key: TemplateKey): Promise<void> {
    this.problem.set(null);
    try {
      this.take(await this.api.invoke(getMailTemplate, key));
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }

  /** Answers that were overtaken by a later question are not shown. */
  async look(key: TemplateKey): Promise<void> {
    const mine = ++this.asked;
    try {
      const preview = await this.api.invoke(previewMailTemplate, { ...key, body: this.draft() });
      if (mine !== this.asked) return;
      this.preview.set(preview);
      this.refused.set(null);
    } catch (error) {
      if (mine === this.asked) this.refused.set(asProblem(error));
    }
  }

  save(key: TemplateKey): Promise<boolean> {
    const revision = this.stored()?.revision ?? 0;
    return this.attempt(async () => {
      this.take(await this.api.invoke(saveMailTemplate, { ...key, body: { ...this.draft(), revision } }));
    });
  }

  reset(key: TemplateKey): Promise<boolean> {
    return this.attempt(async () => {
      await this.api.invoke(resetMailTemplate, key);
      this.take(await this.api.invoke(getMailTemplate, key));
    });
  }

  /** @returns where the mail goes; null: it does not */
  async sendToMe(key: TemplateKey): Promise<string | null> {
    let address: string | null = null;
    await this.attempt(async () => {
      address = (await this.api.invoke(sendMailTemplateToMe, { ...key, body: this.draft() })).address;
    });
    return address;
  }

  private take(stored: MailTemplate): void {
    this.stored.set(stored);
    this.draft.set(stored.text);
  }

  private async attempt(deed: () => Promise<void>): Promise<boolean> {
    this.busy.set(true);
    this.problem.set(null);
    try {
      await deed();
      return true;
    } catch (error) {
      const problem = asProblem(error);
      (problem.facts.code === 'mail-template-refused' ? this.refused : this.problem).set(problem);
      return false;
    } finally {
      this.busy.set(false);
    }
  }
}
