import { back, page } from '../pages.js';
import type { OAuthFailure } from './oauth-failures.js';

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
