import { back, page } from '../pages.js';

export const ARRIVED_PATH = '/api/mail/test-mails/arrived';

export const askedPage = (publicUrl: string, token: string): string =>
  page({
    title: 'A test mail of Signalpost',
    paragraphs: ['Somebody tries a mail server and wants to know whether this mail arrived. One click tells.'],
    button: { text: 'I got it', action: `${publicUrl}${ARRIVED_PATH}/${token}` },
    link: back(publicUrl),
  });

export const arrivedPage = (publicUrl: string): string =>
  page({
    title: 'Thank you',
    paragraphs: [
      'The mail server works: whoever sent the test mail sees that it arrived.',
      'You can close this window.',
    ],
    link: back(publicUrl),
  });

export const unknownPage = (publicUrl: string): string =>
  page({
    title: 'This link is not known',
    paragraphs: ['Test mails are remembered for 30 days. Send a new one on the page of the mail server.'],
    link: back(publicUrl),
  });
