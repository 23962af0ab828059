import type { Language } from '@signalpost/contracts';
import Handlebars from 'handlebars';

import { htmlToText } from '../compose/html-to-text.js';
import { DARK_CARD, readableOn, textOn, type Brand } from './brand.js';
import { BUILT_IN_HELPERS, HELPERS, registerHelpers } from './helpers.js';
import { LAYOUT } from './layout.generated.js';
import { tidyHtml } from './tidy-html.js';
import type { Shown } from './variables.js';

/** A mail as a person gets it. */
export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The three parts of a template, filled in. */
export interface FilledParts {
  readonly subject: string;
  readonly html: string;
  /** null: made of the HTML. */
  readonly text: string | null;
}

/** What a template sees: its variables, and the colours for the helpers. */
export type TemplateContext = Shown & { readonly brand: BrandColours };

export interface BrandColours {
  readonly accent: string;
  readonly onAccent: string;
  readonly accentOnDark: string;
  readonly header: string;
  readonly onHeader: string;
}

/** The logo's content id: a part of the mail itself, as mail programs call nobody for it. */
export const LOGO_CID = 'logo';

export const FOOTERS: Readonly<Record<Language, string>> = {
  en: '{{productName}} sent this mail to {{recipientAddress}} by itself. Nobody reads answers to it.',
  de: '{{productName}} hat diese Mail selbsttätig an {{recipientAddress}} geschickt. Antworten darauf liest niemand.',
};

export const KNOWN_HELPERS: Readonly<Record<string, boolean>> = Object.fromEntries(
  [...Object.keys(HELPERS), ...BUILT_IN_HELPERS].map((name) => [name, true]),
);

const host = Handlebars.create();
registerHelpers(host);

const compiled = new Map<string, Handlebars.TemplateDelegate>();

/** For texts of our own alone: they are few, and trusted. */
export function fillBuiltIn(
  template: string,
  context: TemplateContext | Readonly<Record<string, unknown>>,
  escape: boolean,
): string {
  const key = `${escape} ${template}`;
  const known =
    compiled.get(key) ??
    host.compile(template, { knownHelpers: KNOWN_HELPERS, knownHelpersOnly: true, noEscape: !escape });
  compiled.set(key, known);
  return known(context);
}

export function coloursOf({ accent, header }: Brand): BrandColours {
  return {
    accent,
    onAccent: textOn(accent),
    accentOnDark: readableOn(accent, DARK_CARD),
    header,
    onHeader: textOn(header),
  };
}

/** Puts filled parts into the layout. @param logoSrc where the picture is: a part of the mail, or data in a preview */
export function layOut(
  parts: FilledParts,
  shown: Shown,
  brand: Brand,
  language: Language,
  logoSrc = `cid:${LOGO_CID}`,
): RenderedMail {
  const body = tidyHtml(parts.html, brand);
  const subject = parts.subject.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const footer = fillBuiltIn(FOOTERS[language], shown, false);
  const html = fillBuiltIn(
    LAYOUT,
    {
      ...{ language, subject, body, footer, productName: brand.productName, brand: coloursOf(brand) },
      logo: brand.logo === null ? null : { src: logoSrc, width: brand.logo.width },
    },
    true,
  );
  return { subject, html, text: `${(parts.text ?? htmlToText(body)).trim()}\n\n-- \n${footer}\n` };
}
