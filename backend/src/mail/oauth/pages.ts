import type { OAuthFailure } from './oauth-failures.js';

interface Page {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly link: { readonly text: string; readonly href: string };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Stands alone: whoever comes back from the provider may have no session here. */
const page = ({ title, paragraphs, link }: Page): string => `<!doctype html>
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
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${paragraphs.map((text) => `<p>${escaped(text)}</p>`).join('\n')}
<a href="${escaped(link.href)}">${escaped(link.text)}</a>
</main>
</body>
</html>
`;

const back = (publicUrl: string) => ({ text: 'Open Signalpost', href: publicUrl });

export const consentedPage = (publicUrl: string, mailbox: string): string =>
  page({
    title: 'Signed in',
    paragraphs: [`Signalpost can send mail as ${mailbox} now.`, 'You can close this window.'],
    link: back(publicUrl),
  });

export const refusedPage = (publicUrl: string, { message, advice }: OAuthFailure): string =>
  page({ title: 'The sign-in did not work', paragraphs: [message, advice], link: back(publicUrl) });

export const adminConsentedPage = (publicUrl: string): string =>
  page({
    title: 'Allowed for the organisation',
    paragraphs: ['The application is allowed now. The mailbox can be signed in on the page of the mail server.'],
    link: back(publicUrl),
  });

export const handOverPage = (mailbox: string, start: string): string =>
  page({
    title: `Let Signalpost send mail as ${mailbox}`,
    paragraphs: [
      `You were asked to sign in with the mailbox ${mailbox}, so that Signalpost can send alarm mails from it. Signalpost never sees the password.`,
      'The link works once.',
    ],
    link: { text: `Sign in as ${mailbox}`, href: start },
  });
