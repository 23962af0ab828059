import { isIP } from 'node:net';

import type { RedirectAdvice } from '@signalpost/contracts';

import type { ApplicationInUse } from './application-in-use.js';

export const CALLBACK_PATH = '/api/mail/oauth/callback';
/** Nothing listens there; every provider takes it (RFC 8252 §7.3), and the person pastes the final address back. */
export const LOCALHOST_REDIRECT = 'http://localhost';

export const callbackUrl = (publicUrl: string): string => publicUrl + CALLBACK_PATH;

/** Whether the provider will send the browser back here; said before the sign-in, not after it failed. */
export function redirectAdvice(publicUrl: string, application: ApplicationInUse | undefined): RedirectAdvice {
  const redirectUri = callbackUrl(publicUrl);
  const { protocol, hostname } = new URL(redirectUri);
  const other = application?.template.flows.includes('deviceCode') === true ? ' or the device code' : '';
  const instead = `Use "paste the address back"${other}, or set PUBLIC_URL to a public https address.`;
  const refuse = (why: string): RedirectAdvice => ({ redirectUri, accepted: false, advice: `${why} ${instead}` });
  if (hostname === 'localhost') return { redirectUri, accepted: true, advice: null };
  if (protocol !== 'https:') return refuse('Providers take redirect addresses with https only (localhost excepted).');
  if (application?.template.redirectUri.publicDomain === true && !isPublicName(hostname))
    return refuse(
      'This provider takes names under a public top-level domain only, no IP addresses and no inner names.',
    );
  return { redirectUri, accepted: true, advice: null };
}

const INNER = /\.(local|localdomain|internal|intranet|lan|home|corp|private|test|invalid|example|localhost|arpa)$/;

const isPublicName = (host: string): boolean =>
  isIP(host.replace(/^\[(.*)\]$/, '$1')) === 0 && host.includes('.') && !INNER.test(host);
