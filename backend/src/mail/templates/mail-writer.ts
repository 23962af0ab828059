import type { MailTemplateText } from '@signalpost/contracts';

import type { Queryable } from '../../db/index.js';
import type { Brand } from './brand.js';
import type { Brandings } from './brandings.js';
import type { BrokenTemplates } from './broken-templates.js';
import { layOut, type FilledParts, type RenderedMail, type TemplateContext } from './render.js';
import type { Filled, SandboxedTemplates } from './sandboxed.js';
import type { ChangedTemplate, TemplateStore } from './template-store.js';
import { contextOf, fillOwn, shownTo, type MailToWrite } from './write-mail.js';

export interface WrittenMail extends RenderedMail {
  readonly brand: Brand;
}

export interface WriterParts {
  readonly db: Queryable;
  readonly store: TemplateStore;
  readonly brandings: Brandings;
  readonly sandboxed: SandboxedTemplates;
  readonly broken: Pick<BrokenTemplates, 'note'>;
}

/** Writes the mails of the system, in the words and the looks that hold for the tenant. */
export class MailWriter {
  constructor(private readonly parts: WriterParts) {}

  /** A stored text that cannot be used never keeps a mail: the product's own words are sent instead, and people are told. */
  async write(mail: MailToWrite): Promise<WrittenMail> {
    const { db, brandings, store } = this.parts;
    const { language } = mail.reader;
    const [{ effective: brand }, changed] = await Promise.all([
      brandings.read(db, mail.tenantId),
      store.inForce(db, { ...mail, language }),
    ]);
    const shown = shownTo(mail, brand);
    const context = contextOf(shown, brand);
    const filled = (changed && (await this.#fill(changed, context))) ?? fillOwn(mail.template, language, context);
    return { ...layOut(filled, shown, brand, language), brand };
  }

  /** With a text that is not stored, or not yet. @param logoSrc see `layOut` */
  async writeWith(
    mail: MailToWrite,
    text: MailTemplateText,
    logoSrc?: (brand: Brand) => string,
  ): Promise<WrittenMail | TextFailure> {
    const { effective: brand } = await this.parts.brandings.read(this.parts.db, mail.tenantId);
    const shown = shownTo(mail, brand);
    const filled = await this.parts.sandboxed.fill(mail.tenantId, text, contextOf(shown, brand));
    if (!filled.ok) return { failure: filled.reason };
    return { ...layOut(filled.parts, shown, brand, mail.reader.language, logoSrc?.(brand)), brand };
  }

  async #fill(changed: ChangedTemplate, context: TemplateContext): Promise<FilledParts | null> {
    const filled: Filled = await this.parts.sandboxed.fill(changed.tenantId, changed.text, context);
    if (filled.ok) return filled.parts;
    if (filled.lasting) await this.parts.broken.note(changed, filled.reason);
    return null;
  }
}

export interface TextFailure {
  readonly failure: string;
}
