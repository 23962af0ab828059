import type { FastifyReply } from 'fastify';

export interface Page {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly link: { readonly text: string; readonly href: string };
  /** One button, which asks `action` with POST. */
  readonly button?: { readonly text: string; readonly action: string };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Stands alone, without script: whoever comes may have no session here. */
export const page = ({ title, paragraphs, link, button }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} – Signalpost</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
a { display: inline-block; margin-top: 1rem; }
button { font: inherit; padding: 0.5rem 1.25rem; cursor: pointer; }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${paragraphs.map((text) => `<p>${escaped(text)}</p>`).join('\n')}
${button === undefined ? '' : formOf(button)}
<a href="${escaped(link.href)}">${escaped(link.text)}</a>
</main>
</body>
</html>
`;

/** Text, because no form encoding is read here: that keeps forms of other sites out. */
const formOf = ({ text, action }: NonNullable<Page['button']>): string =>
  `<form method="post" enctype="text/plain" action="${escaped(action)}"><button>${escaped(text)}</button></form>`;

export const back = (publicUrl: string) => ({ text: 'Open Signalpost', href: publicUrl });

/** Never kept: it is about one moment. */
export function showPage(reply: FastifyReply, status: number, html: string): void {
  void reply.code(status).header('Cache-Control', 'no-store').type('text/html; charset=utf-8').send(html);
}
