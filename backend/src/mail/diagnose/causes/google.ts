import { onAuth, onMail, useOAuth, type Cause } from './cause.js';

/** Gmail and Google Workspace (support.google.com/a/answer/3726730: SMTP error reference). */
export const GOOGLE_CAUSES: readonly Cause[] = [
  {
    code: 'app-password-required',
    when: { reply: /^534 5\.7\.9\b|InvalidSecondFactor|application-specific password required/i },
    cause: 'The Google account has two-step verification, and its ordinary password was used.',
    fix: 'Create an app password (myaccount.google.com/apppasswords) and use it here, or switch the sign-in to OAuth 2.0.',
    retry: 'no',
    offer: useOAuth,
    examples: [
      onAuth(
        '534-5.7.9 Application-specific password required. For more information, go to\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor 5b1f17b1804b1-43ab - gsmtp',
        { auth: 'basic' },
      ),
    ],
  },
  {
    code: 'web-sign-in-required',
    when: { reply: /^534 5\.7\.14\b|log in via your web browser|WebLoginRequired/i },
    cause: 'Google has blocked a sign-in from a place that it does not know.',
    fix: 'Sign in to the account once in a browser and confirm that it was you, or switch the sign-in to OAuth 2.0.',
    retry: 'no',
    offer: useOAuth,
    examples: [
      onAuth(
        '534-5.7.14 <https://accounts.google.com/signin/continue?sarp=1> Please log in via your web browser and\n534 5.7.14 then try again. - gsmtp',
        { auth: 'basic' },
      ),
    ],
  },
  {
    code: 'google-sign-in-refused',
    when: { auth: ['basic'], reply: /^535 5\.7\.8 .*(BadCredentials|Username and Password not accepted)/i },
    cause:
      'Google does not accept this user with this password: an app password that is wrong or was revoked, or an ordinary password.',
    fix: 'Create a new app password and paste its 16 letters, or switch the sign-in to OAuth 2.0.',
    retry: 'no',
    offer: useOAuth,
    examples: [
      onAuth(
        '535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1-43ab - gsmtp',
        { auth: 'basic' },
      ),
    ],
  },
  {
    code: 'too-many-sign-ins',
    when: { reply: /^(454|421) 4\.7\.0 .*(too many login attempts|cannot authenticate due to)/i },
    cause: 'There were too many sign-ins in a short time.',
    fix: 'Wait a while; fewer connections with more mails over each make fewer sign-ins.',
    retry: 'yes',
    examples: [
      onAuth('454 4.7.0 Too many login attempts, please try again later. - gsmtp'),
      onAuth('454 4.7.0 Cannot authenticate due to a temporary system problem. Try again later. - gsmtp'),
    ],
  },
  {
    code: 'google-daily-limit',
    when: { reply: /5\.4\.5\b.*(limit|quota)|daily (user )?sending (limit|quota) exceeded/i },
    cause: 'The account has used up the mails that it may send in a day (500, or 2,000 with Workspace).',
    fix: 'Wait up to 24 hours, or use a service that is made for many mails.',
    retry: 'after-hours',
    examples: [
      onMail('550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to …'),
    ],
  },
  {
    code: 'slow-down',
    when: { reply: /^(421 4\.7\.0|450 4\.2\.1|421 4\.7\.28)\b/ },
    cause: 'The server wants fewer mails from this address, or for this recipient, at the moment.',
    fix: 'Send more slowly: lower "messages a minute" of this server.',
    retry: 'slowly',
    examples: [
      onMail('421 4.7.0 Try again later, closing connection. (MAIL) - gsmtp'),
      onMail('450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery'),
    ],
  },
];
