import { amazonSes } from './amazon-ses/amazon-ses.provider.js';
import { aol } from './aol/aol.provider.js';
import { brevo } from './brevo/brevo.provider.js';
import { custom } from './custom/custom.provider.js';
import type { ProviderDescription } from './describe-provider.js';
import { fastmail } from './fastmail/fastmail.provider.js';
import { google } from './google/google.provider.js';
import { icloud } from './icloud/icloud.provider.js';
import { mailgun } from './mailgun/mailgun.provider.js';
import { mailjet } from './mailjet/mailjet.provider.js';
import { mailtrap } from './mailtrap/mailtrap.provider.js';
import { microsoft365China } from './microsoft-365-china/microsoft-365-china.provider.js';
import { microsoft365Dod } from './microsoft-365-dod/microsoft-365-dod.provider.js';
import { microsoft365GccHigh } from './microsoft-365-gcc-high/microsoft-365-gcc-high.provider.js';
import { microsoft365 } from './microsoft-365/microsoft-365.provider.js';
import { outlookCom } from './outlook-com/outlook-com.provider.js';
import { postmark } from './postmark/postmark.provider.js';
import { resend } from './resend/resend.provider.js';
import { sandbox } from './sandbox/sandbox.provider.js';
import { sendgrid } from './sendgrid/sendgrid.provider.js';
import { sparkpost } from './sparkpost/sparkpost.provider.js';
import { yahoo } from './yahoo/yahoo.provider.js';
import { zoho } from './zoho/zoho.provider.js';

/** In any order: the picker's is that of `MAIL_PROVIDER_IDS`. */
export const ALL_PROVIDERS: readonly ProviderDescription[] = [
  amazonSes,
  aol,
  brevo,
  custom,
  fastmail,
  google,
  icloud,
  mailgun,
  mailjet,
  mailtrap,
  microsoft365,
  microsoft365China,
  microsoft365Dod,
  microsoft365GccHigh,
  outlookCom,
  postmark,
  resend,
  sandbox,
  sendgrid,
  sparkpost,
  yahoo,
  zoho,
];
