import type { Language, SystemMailId } from '@signalpost/contracts';

import type { Brand } from './brand.js';
import { systemMail } from './catalogue.js';
import { COMMON_VARIABLES } from './describe-system-mail.js';
import { coloursOf, fillBuiltIn, layOut, type FilledParts, type RenderedMail, type TemplateContext } from './render.js';
import { showVariables, type Reader, type Shown } from './variables.js';

/** One mail to one person. */
export interface MailToWrite {
  readonly tenantId: string;
  readonly template: SystemMailId;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly recipient: { readonly address: string; readonly name?: string | undefined };
  readonly reader: Reader;
}

/** What a template of this mail sees. */
export function shownTo({ template, variables, recipient, reader }: MailToWrite, brand: Brand): Shown {
  const common = { recipientName: recipient.name, recipientAddress: recipient.address, productName: brand.productName };
  return {
    ...showVariables(COMMON_VARIABLES, common, reader),
    ...showVariables(systemMail(template).variables, variables, reader),
  };
}

export const contextOf = (shown: Shown, brand: Brand): TemplateContext =>
  Object.assign({ ...shown }, { brand: coloursOf(brand) });

/** In the words that are part of the product. */
export function writeBuiltIn(mail: MailToWrite, brand: Brand): RenderedMail {
  const shown = shownTo(mail, brand);
  return layOut(
    fillOwn(mail.template, mail.reader.language, contextOf(shown, brand)),
    shown,
    brand,
    mail.reader.language,
  );
}

export function fillOwn(id: SystemMailId, language: Language, context: TemplateContext): FilledParts {
  const { subject, html } = systemMail(id).texts[language];
  return { subject: fillBuiltIn(subject, context, false), html: fillBuiltIn(html, context, true), text: null };
}
