import { SYSTEM_MAIL_IDS, type SystemMailId } from '@signalpost/contracts';

import type { SystemMail } from './describe-system-mail.js';
import { accountActivatedMail } from './mails/account-activated.mail.js';
import { accountLockedMail } from './mails/account-locked.mail.js';
import { activationMail } from './mails/activation.mail.js';
import { addressChangedMail } from './mails/address-changed.mail.js';
import { addressConfirmationMail } from './mails/address-confirmation.mail.js';
import { newSignInMail } from './mails/new-sign-in.mail.js';
import { oauthEndedMail } from './mails/oauth-ended.mail.js';
import { oauthExpiringMail } from './mails/oauth-expiring.mail.js';
import { passwordChangedMail } from './mails/password-changed.mail.js';
import { passwordResetMail } from './mails/password-reset.mail.js';
import { quotaNearMail, quotaReachedMail } from './mails/quota.mail.js';
import { secretExpiringMail } from './mails/secret-expiring.mail.js';
import { signInCodeMail } from './mails/sign-in-code.mail.js';
import { templateBrokenMail } from './mails/template-broken.mail.js';
import { testMail } from './mails/test.mail.js';
import {
  recoveryCodesRenewedMail,
  twoFactorDisabledMail,
  twoFactorEnabledMail,
  twoFactorRemovedMail,
} from './mails/two-factor.mail.js';

/** Every mail that the system sends; the keys are checked by the type, what is in them by `catalogue.spec.ts`. */
export const SYSTEM_MAILS = {
  activation: activationMail,
  'account-activated': accountActivatedMail,
  'password-reset': passwordResetMail,
  'password-changed': passwordChangedMail,
  'address-confirmation': addressConfirmationMail,
  'address-changed': addressChangedMail,
  'account-locked': accountLockedMail,
  'new-sign-in': newSignInMail,
  'sign-in-code': signInCodeMail,
  'two-factor-enabled': twoFactorEnabledMail,
  'two-factor-disabled': twoFactorDisabledMail,
  'two-factor-removed': twoFactorRemovedMail,
  'recovery-codes-renewed': recoveryCodesRenewedMail,
  'oauth-expiring': oauthExpiringMail,
  'oauth-ended': oauthEndedMail,
  'secret-expiring': secretExpiringMail,
  'quota-near': quotaNearMail,
  'quota-reached': quotaReachedMail,
  'template-broken': templateBrokenMail,
  test: testMail,
} as const satisfies Record<SystemMailId, SystemMail>;

/** The same for code that takes any of them. */
export const systemMail = (id: SystemMailId): SystemMail => SYSTEM_MAILS[id];

export const ALL_SYSTEM_MAILS: readonly SystemMail[] = SYSTEM_MAIL_IDS.map(systemMail);
