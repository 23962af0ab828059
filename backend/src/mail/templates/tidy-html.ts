import sanitizeHtml from 'sanitize-html';

import type { Brand } from './brand.js';

/** Mail programs that ignore a style sheet still show these. */
const stylesOf = ({ accent }: Pick<Brand, 'accent'>): Readonly<Record<string, string>> => ({
  h1: 'margin:0 0 16px;font-size:24px;line-height:32px;font-weight:600',
  h2: 'margin:24px 0 8px;font-size:20px;line-height:28px;font-weight:600',
  h3: 'margin:16px 0 8px;font-size:16px;line-height:24px;font-weight:600',
  p: 'margin:0 0 16px',
  ul: 'margin:0 0 16px;padding-left:24px',
  ol: 'margin:0 0 16px;padding-left:24px',
  li: 'margin:0 0 4px',
  a: `color:${accent}`,
  hr: 'margin:24px 0;border:0;border-top:1px solid #d5dae0',
});
const QUIET = 'color:#5b6570;font-size:14px;line-height:20px';
const TAGS = [
  'h1',
  'h2',
  'h3',
  'p',
  'br',
  'strong',
  'b',
  'em',
  'i',
  'u',
  'ul',
  'ol',
  'li',
  'a',
  'span',
  'hr',
  'code',
  'blockquote',
];
const STYLED = [...TAGS.filter((tag) => tag !== 'br' && tag !== 'span')];

/** What a template may not bring into a mail falls out: scripts, forms, foreign pictures, styles that cover things. */
export function tidyHtml(html: string, brand: Pick<Brand, 'accent'>): string {
  const styles = stylesOf(brand);
  const addStyle = (tagName: string, attribs: sanitizeHtml.Attributes) => {
    const own =
      attribs['style'] ?? (attribs['class'] === 'quiet' ? `${styles[tagName] ?? ''};${QUIET}` : styles[tagName]);
    return { tagName, attribs: own === undefined ? attribs : { ...attribs, style: own } };
  };
  return sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: { '*': ['style', 'class'], a: ['href'] },
    allowedClasses: { '*': ['quiet', 'sp-button', 'sp-digits'] },
    allowedSchemes: ['https', 'http', 'mailto'],
    allowedStyles: { '*': ALLOWED_STYLES },
    transformTags: Object.fromEntries(STYLED.map((tag) => [tag, addStyle])),
  });
}

const LENGTHS = /^(0|-?[\d.]{1,6}(px|em|%)?)( (0|[\d.]{1,6}(px|em|%)?)){0,3}$/;
const COLOUR = /^(#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d., %]{5,30}\))$/i;
const WORD = /^[\w -]{1,30}$/;
const ALLOWED_STYLES: Readonly<Record<string, RegExp[]>> = {
  color: [COLOUR],
  background: [COLOUR],
  'background-color': [COLOUR],
  margin: [LENGTHS],
  padding: [LENGTHS],
  'padding-left': [LENGTHS],
  border: [/^0$/],
  'border-top': [/^1px solid #[0-9a-f]{6}$/],
  'border-radius': [LENGTHS],
  'font-size': [LENGTHS],
  'line-height': [LENGTHS],
  'letter-spacing': [LENGTHS],
  'font-weight': [WORD],
  'font-style': [WORD],
  font: [/^[\w ,/"'-]{1,80}$/],
  'text-align': [WORD],
  'text-decoration': [WORD],
  display: [/^(block|inline-block|inline)$/],
};
