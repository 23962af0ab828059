import type { Language, SystemMailId } from '@signalpost/contracts';

import { DEFAULT_BRAND, type Brand } from './brand.js';
import { systemMail } from './catalogue.js';
import { COMMON_VARIABLES } from './describe-system-mail.js';
import { coloursOf, fillBuiltIn, layOut, type FilledParts, type RenderedMail, type TemplateContext } from './render.js';
import { showVariables, type Reader, type Shown } from './variables.js';

export interface MailToWrite {
  readonly tenantId: string;
  readonly template: SystemMailId;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly recipient: { readonly address: string; readonly name?: string | undefined };
  readonly reader: Reader;
}

export interface WrittenMail extends RenderedMail {
  readonly brand: Brand;
}

/** Writes the mails of the system, in the words and the colours that hold for the tenant. */
export class MailWriter {
  write(mail: MailToWrite): Promise<WrittenMail> {
    const brand = DEFAULT_BRAND;
    const shown = shownTo(mail, brand);
    const parts = fillOwn(mail.template, mail.reader.language, contextOf(shown, brand));
    return Promise.resolve({ ...layOut(parts, shown, brand, mail.reader.language), brand });
  }
}

const contextOf = (shown: Shown, brand: Brand): TemplateContext =>
  Object.assign({ ...shown }, { brand: coloursOf(brand) });

/** In the words that are part of the product. */
export function fillOwn(id: SystemMailId, language: Language, context: TemplateContext): FilledParts {
  const { subject, html } = systemMail(id).texts[language];
  return { subject: fillBuiltIn(subject, context, false), html: fillBuiltIn(html, context, true), text: null };
}

function shownTo({ template, variables, recipient, reader }: MailToWrite, brand: Brand): Shown {
  const common = { recipientName: recipient.name, recipientAddress: recipient.address, productName: brand.productName };
  return {
    ...showVariables(COMMON_VARIABLES, common, reader),
    ...showVariables(systemMail(template).variables, variables, reader),
  };
}
