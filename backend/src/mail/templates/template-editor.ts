import {
  LANGUAGES,
  SYSTEM_MAIL_IDS,
  type Language,
  type MailPreview,
  type MailTemplate,
  type MailTemplateInput,
  type MailTemplateState,
  type MailTemplateText,
  type MailVariable,
  type ProblemFieldError,
  type SystemMailId,
} from '@signalpost/contracts';
import type { z } from 'zod';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { Clock, Database, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { dataUriOf, type Brand } from './brand.js';
import { systemMail } from './catalogue.js';
import { checkTemplate, type TemplateProblem } from './check-template.js';
import { COMMON_VARIABLES } from './describe-system-mail.js';
import { HELPERS } from './helpers.js';
import type { MailWriter, WrittenMail } from './mail-writer.js';
import type { SystemMails } from './system-mails.js';
import type { ChangedTemplate, TemplateKey, TemplateStore } from './template-store.js';
import { kindOf, showVariables } from './variables.js';
import type { MailToWrite } from './write-mail.js';

/** Who looks at a text, and where the mail would go. */
export interface Editor {
  readonly address: string;
  readonly actor: Actor;
}

export interface EditorParts {
  readonly db: Database;
  readonly store: TemplateStore;
  readonly writer: MailWriter;
  readonly mails: SystemMails;
  readonly clock: Clock;
  /** Open pages read notices again. */
  readonly noticesChanged: (tenantId: string) => void;
}

/** Lets administrators change the words of the system's mails, in their own scope. */
export class TemplateEditor {
  constructor(private readonly parts: EditorParts) {}

  async list(tenantId: string): Promise<MailTemplateState[]> {
    const changed = await this.parts.store.list(this.parts.db, tenantId);
    return SYSTEM_MAIL_IDS.flatMap((template) =>
      LANGUAGES.map((language) => stateOf({ tenantId, template, language }, changed)),
    );
  }

  async read(key: TemplateKey): Promise<MailTemplate> {
    const changed = await this.parts.store.list(this.parts.db, key.tenantId);
    const { own, above } = scopesOf(key, changed);
    const fallback = above?.text ?? { ...systemMail(key.template).texts[key.language], text: null };
    return {
      ...stateOf(key, changed),
      text: own?.text ?? fallback,
      default: fallback,
      variables: this.#variables(key),
      helpers: Object.entries(HELPERS).map(([name, usage]) => ({ name, usage })),
    };
  }

  /** @throws ProblemError `mail-template-refused`, `changed-meanwhile` */
  async save(key: TemplateKey, { revision, ...text }: MailTemplateInput, editor: Editor): Promise<MailTemplate> {
    await this.preview(key, text, editor);
    const before = await this.read(key);
    await this.#write(key, async (uow) => {
      if (!(await this.parts.store.save(uow, key, text, revision, editor.address)))
        throw new ProblemError('changed-meanwhile');
      await Audit.record(uow, {
        ...auditOf(key, editor),
        action: 'mail-template.updated',
        changes: changesOf(before.text, text),
      });
    });
    return this.read(key);
  }

  async reset(key: TemplateKey, editor: Editor): Promise<void> {
    const before = await this.read(key);
    await this.#write(key, async (uow) => {
      if (!(await this.parts.store.reset(uow, key, editor.address))) return;
      const changes = changesOf(before.text, before.default);
      await Audit.record(uow, { ...auditOf(key, editor), action: 'mail-template.reset', changes });
    });
  }

  /** The mail as it would be sent, with the sample data. @throws ProblemError `mail-template-refused` */
  async preview(key: TemplateKey, text: MailTemplateText, editor: Editor): Promise<MailPreview> {
    const problems = checkTemplate(text, systemMail(key.template));
    if (problems.length > 0) throw refused(problems);
    const written = await this.parts.writer.writeWith(this.#sampleMail(key, editor), text, logoData);
    if ('failure' in written) throw refused([{ part: 'html', message: written.failure }]);
    return previewOf(written);
  }

  /** @returns the id of the delivery */
  async sendToMe(key: TemplateKey, text: MailTemplateText, editor: Editor): Promise<string> {
    await this.preview(key, text, editor);
    const { tenantId, template, language } = key;
    return this.parts.db.transaction(async (uow) => {
      await Audit.record(uow, { ...auditOf(key, editor), action: 'mail-template.test-sent' });
      const variables = sampleOf(template, this.parts.clock.now());
      const to = { address: editor.address, name: SAMPLE_NAME, language };
      return this.parts.mails.enqueueSample(uow, { tenantId, template, to, variables, text });
    });
  }

  async #write(key: TemplateKey, work: (uow: UnitOfWork) => Promise<void>): Promise<void> {
    await this.parts.db.transaction(work);
    this.parts.noticesChanged(key.tenantId);
  }

  #sampleMail({ tenantId, template, language }: TemplateKey, editor: Editor): MailToWrite {
    return {
      ...{ tenantId, template, recipient: { address: editor.address, name: SAMPLE_NAME }, reader: { language } },
      variables: sampleOf(template, this.parts.clock.now()),
    };
  }

  #variables({ template, language }: TemplateKey): MailVariable[] {
    const mail = systemMail(template);
    const common = { recipientName: SAMPLE_NAME, recipientAddress: 'grace@example.org', productName: 'Signalpost' };
    const shown = {
      ...showVariables(mail.variables, sampleOf(template, this.parts.clock.now()), { language }),
      ...common,
    };
    return Object.entries({ ...mail.variables.shape, ...COMMON_VARIABLES.shape }).map(([name, field]) => ({
      name,
      kind: kindOf(field as z.ZodType), // classic zod made it
      description: (field as z.ZodType).description ?? '',
      sample: shown[name as keyof typeof shown], // one of the names shown
      essential: mail.essential.includes(name),
    }));
  }
}

/** Whom previews greet. */
const SAMPLE_NAME = 'Grace Hopper';

const sampleOf = (template: SystemMailId, now: number): Record<string, unknown> => systemMail(template).sample(now);

const logoData = ({ logo }: Brand): string => (logo === null ? '' : dataUriOf(logo));

const previewOf = ({ subject, html, text }: WrittenMail): MailPreview => ({ subject, html, text });

function scopesOf(key: TemplateKey, changed: readonly ChangedTemplate[]) {
  const same = changed.filter(({ template, language }) => template === key.template && language === key.language);
  const own = same.find(({ tenantId }) => tenantId === key.tenantId) ?? null;
  const above = same.find(({ tenantId }) => tenantId !== key.tenantId) ?? null;
  return { own, above };
}

function stateOf(key: TemplateKey, changed: readonly ChangedTemplate[]): MailTemplateState {
  const { own, above } = scopesOf(key, changed);
  const inForce = own ?? above;
  return {
    ...{ id: key.template, language: key.language, own: own !== null, revision: own?.revision ?? 0 },
    source: inForce === null ? 'built-in' : inForce.tenantId === SYSTEM_TENANT_ID ? 'system' : 'tenant',
    ...{ changedAt: own?.changedAt ?? null, changedBy: own?.changedBy ?? null, failure: own?.failure ?? null },
  };
}

const refused = (problems: readonly TemplateProblem[]): ProblemError =>
  new ProblemError('mail-template-refused', {
    errors: problems.map(({ part, ...problem }): ProblemFieldError => ({ pointer: `/${part}`, ...problem })),
  });

const nameOf = ({ template, language }: { template: SystemMailId; language: Language }) => `${template} (${language})`;

const auditOf = (key: TemplateKey, { actor }: Editor) => ({
  ...actor,
  tenantId: key.tenantId,
  entity: { type: 'mail-template', id: null, name: nameOf(key) } as const,
});

/** The audit log is no second history: it shows how a text begins. */
const MAX_SHOWN = 300;
const begin = (text: string | null): string | null =>
  text === null || text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN).toWellFormed()}…`;

const changesOf = (before: MailTemplateText, after: MailTemplateText) =>
  (['subject', 'html', 'text'] as const)
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, before: begin(before[field]), after: begin(after[field]) }));
