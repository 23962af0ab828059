import type { Enrolment } from '@signalpost/contracts';
import { renderSVG } from 'uqr';

import { otpauthUri } from './totp.js';

const ISSUER = 'Signalpost';

/** What an app needs to take over a secret: to scan, to open, to type. */
export function enrolmentOf(secret: string, email: string): Enrolment {
  const uri = otpauthUri(secret, email, ISSUER);
  return { secret, uri, qr: renderSVG(uri, { border: 2 }) };
}
