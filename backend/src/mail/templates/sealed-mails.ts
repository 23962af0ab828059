import {
  DEFAULT_LANGUAGE,
  LANGUAGES,
  mailTemplateTextSchema,
  systemMailIdSchema,
  type Language,
  type SystemMailId,
} from '@signalpost/contracts';
import { z } from 'zod';

import type { SecretBox, SecretPlace } from '../../secrets/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { ClaimedMail, SystemMailRef } from '../outbox/delivery-rows.js';
import type { MailContent, SystemMailContents } from '../outbox/system-mail-contents.js';
import { dataUriOf } from './brand.js';
import { systemMail } from './catalogue.js';
import type { MailWriter } from './mail-writer.js';
import { LOGO_CID } from './render.js';

/** What `delivery.variables` seals. */
const sealedSchema = z.object({
  variables: z.record(z.string(), z.unknown()),
  name: z.string().optional(),
  timeZone: z.string().optional(),
  /** Words that are not stored as a template: somebody tries them out. */
  text: mailTemplateTextSchema.optional(),
});
export type SealedContents = z.infer<typeof sealedSchema>;

type Log = (told: object, message: string) => void;

/** Seals what mails of the system say, and makes them of it when they are sent. */
export class SealedMails implements SystemMailContents {
  constructor(
    private readonly secrets: SecretBox,
    private readonly writer: MailWriter,
    private readonly log: Log,
  ) {}

  seal(tenantId: string, deliveryId: string, contents: SealedContents): string {
    return this.secrets.seal(JSON.stringify(contents), placeOf(tenantId, deliveryId, 'variables'));
  }

  async contentOf(
    mail: ClaimedMail,
    { template, language, variables }: SystemMailRef,
  ): Promise<MailContent | MailFailure> {
    try {
      const id = systemMailIdSchema.parse(template);
      const opened = this.secrets.open(variables, placeOf(mail.tenantId, mail.id, 'variables'));
      return await this.#write(mail, id, languageOf(language), sealedSchema.parse(JSON.parse(opened)));
    } catch (error) {
      return this.#lost(mail, error);
    }
  }

  sealBytes(mail: ClaimedMail, raw: Buffer): Buffer {
    return Buffer.from(this.secrets.seal(raw.toString('base64'), placeOf(mail.tenantId, mail.id, 'raw')));
  }

  openBytes(mail: ClaimedMail, kept: Buffer): Buffer | MailFailure {
    try {
      return Buffer.from(this.secrets.open(kept.toString(), placeOf(mail.tenantId, mail.id, 'raw')), 'base64');
    } catch (error) {
      return this.#lost(mail, error);
    }
  }

  async #write(
    { tenantId, recipients }: ClaimedMail,
    template: SystemMailId,
    language: Language,
    { variables, name, timeZone, text: words }: SealedContents,
  ): Promise<MailContent | MailFailure> {
    const address = recipients[0] ?? '';
    const mail = {
      ...{ tenantId, template, recipient: { address, name }, reader: { language, timeZone } },
      variables: systemMail(template).variables.parse(variables),
    };
    const written = words === undefined ? await this.writer.write(mail) : await this.writer.writeWith(mail, words);
    if ('failure' in written) return mailFailure('contents-lost', written.failure);
    const { subject, html, text, brand } = written;
    const images = brand.logo === null ? {} : { [LOGO_CID]: dataUriOf(brand.logo) };
    return { draft: { to: address, subject, body: html, html: true, images }, text };
  }

  #lost(mail: ClaimedMail, err: unknown): MailFailure {
    this.log({ err, deliveryId: mail.id }, 'a mail of the system cannot be made of what was kept');
    return mailFailure('contents-lost');
  }
}

const placeOf = (tenantId: string, deliveryId: string, field: string): SecretPlace => ({
  ...{ tenantId, field },
  entity: `delivery/${deliveryId}`,
});

/** Rows outlive versions of the product. */
export const languageOf = (language: string): Language =>
  LANGUAGES.find((known) => known === language) ?? DEFAULT_LANGUAGE;
