import { fromAsUser, onAuth, onMail, switchTransport, switchTransportOrOAuth, useOAuth, type Cause } from './cause.js';

const MICROSOFT = { host: 'smtp.office365.com', apiTransport: 'graph' } as const;

/** Exchange Online and Outlook.com (learn.microsoft.com: "Fix issues with printers, scanners, and LOB applications", NDR codes). */
export const MICROSOFT_CAUSES: readonly Cause[] = [
  {
    code: 'smtp-auth-disabled',
    when: { reply: /5\.7\.139.*SmtpClientAuth\w* is disabled for the (tenant|mailbox)/i },
    cause: 'Sending by SMTP with a sign-in is switched off for this organization or this mailbox.',
    fix:
      'Send through Microsoft Graph instead, which needs no SMTP; or switch on "Authenticated SMTP" for the mailbox in the ' +
      'Microsoft 365 admin centre (Users, Mail, Manage email apps), and for the organization if it is off there.',
    retry: 'no',
    offer: switchTransport,
    examples: [
      onAuth(
        '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [AM0PR01CA0000.eurprd01.prod.exchangelabs.com]',
        MICROSOFT,
      ),
      onAuth(
        '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.',
        MICROSOFT,
      ),
    ],
  },
  {
    code: 'basic-auth-disabled',
    when: { reply: /(5\.7\.139.*basic auth\w* is disabled)|(5\.7\.30 Basic auth)/i },
    cause: 'Microsoft takes no password here any more, whether it is right or not.',
    fix: 'Switch the sign-in to OAuth 2.0.',
    retry: 'no',
    offer: switchTransportOrOAuth,
    examples: [
      onAuth('535 5.7.139 Authentication unsuccessful, basic authentication is disabled.', {
        ...MICROSOFT,
        auth: 'basic',
      }),
      onAuth('550 5.7.30 Basic authentication is not supported for Client Submission.', {
        ...MICROSOFT,
        auth: 'basic',
      }),
    ],
  },
  {
    code: 'security-policy',
    when: { reply: /5\.7\.139.*(security defaults|did not meet the criteria|conditional access|locked)/i },
    cause: 'A security policy of the organization (security defaults or conditional access) refuses this sign-in.',
    fix: 'Switch the sign-in to OAuth 2.0, or let the Microsoft administrator exclude this account from the policy.',
    retry: 'no',
    offer: useOAuth,
    examples: [
      onAuth(
        "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
      ),
      onAuth(
        '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
      ),
    ],
  },
  {
    code: 'microsoft-sign-in-refused',
    when: { reply: /535 5\.7\.(3|139)\b/ },
    cause:
      'Microsoft refuses this user together with this password or token: the user is not the mailbox, the token is for another ' +
      'service or lacks SMTP.Send, the application is not registered in Exchange, or SMTP is off for the mailbox.',
    fix:
      'Check that the user name is the mailbox, that the scope is that of Outlook, that the service principal is registered in ' +
      'Exchange (client credentials) and that "Authenticated SMTP" is on for the mailbox.',
    retry: 'no',
    examples: [
      onAuth('535 5.7.3 Authentication unsuccessful [AM0PR01CA0000.eurprd01.prod.exchangelabs.com]'),
      onAuth('535 5.7.139 Authentication unsuccessful, reason unknown.'),
    ],
  },
  {
    code: 'not-authenticated',
    when: { reply: /5\.7\.57\b|530 5\.7\.[01] (authentication|client)/i },
    cause: 'The server takes mail only from those who signed in, and nobody signed in.',
    fix: 'Set a sign-in for this server, and use port 587 with STARTTLS.',
    retry: 'no',
    examples: [
      onMail('550 5.7.57 Client not authenticated to send mail. [AM0PR01CA0000.eurprd01.prod.exchangelabs.com]'),
      onMail('530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM'),
      onMail(
        '530 5.7.0 Authentication Required. For more information, go to https://support.google.com/mail/?p=WantAuthError',
      ),
    ],
  },
  {
    code: 'send-as-denied',
    when: { reply: /5\.7\.60\b|5\.2\.252\b|SendAsDenied/i },
    cause: 'The From address is not the mailbox that signed in, and that mailbox may not send as it.',
    fix: 'Set From to the mailbox, or let the Microsoft administrator grant "Send as" on the From address.',
    retry: 'no',
    offer: fromAsUser,
    examples: [
      onMail('550 5.7.60 SMTP; Client does not have permissions to send as this sender', {
        username: 'box@example.org',
      }),
      onMail('554 5.2.252 SendAsDenied; box@example.org not allowed to send as other@example.org', {
        username: 'box@example.org',
      }),
    ],
  },
  {
    code: 'too-many-connections',
    when: { reply: /Concurrent connections limit|STOREDRV\.Client(Submit)?.*thread limit|432 4\.3\.2/i },
    cause: 'This mailbox has more connections at the same time than Microsoft allows, which is three.',
    fix: 'Lower "connections" of this server to 3 or fewer.',
    retry: 'yes',
    offer: () => ({ kind: 'set-max-connections', maxConnections: 3 }),
    examples: [
      onMail(
        '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.',
      ),
      onMail('432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded'),
    ],
  },
  {
    code: 'daily-quota',
    when: { reply: /5\.1\.90\b|554 5\.2\.0\b.*(quota|limit)|5\.2\.2 .*submission quota|submission quota exceeded/i },
    cause: 'The mailbox has used up the recipients that it may write to in 24 hours.',
    fix: 'Wait until the window has passed, or use a service that is made for many mails.',
    retry: 'after-hours',
    examples: [
      onMail("550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"),
      onMail('554 5.2.2 Submission quota exceeded'),
      onMail('554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; quota reached'),
    ],
  },
  {
    code: 'sender-throttled',
    when: { reply: /5\.2\.25[1345]\b|sender throttled due to continuous/i },
    cause: 'Microsoft has blocked the sender because it went on sending mails that failed for the same reason.',
    fix: 'Remove the reason that the reply names; the block ends by itself and no support can lift it.',
    retry: 'no',
    examples: [
      onMail('550 5.2.254 InvalidRecipientsException; Sender throttled due to continuous invalid recipients errors'),
    ],
  },
  {
    code: 'mailbox-full',
    when: { reply: /5\.2\.2\b.*(mailbox|full|quota)/i },
    cause: 'The sending mailbox is full, often with copies in its Sent Items.',
    fix: 'Clean up the mailbox, or set a retention policy on Sent Items.',
    retry: 'no',
    examples: [onMail('554 5.2.2 mailbox full; STOREDRV.ClientSubmit')],
  },
  {
    code: 'microsoft-blocked',
    when: { reply: /5\.7\.(705|708|50[123])\b|5\.1\.8\b/ },
    cause: 'Microsoft has blocked this tenant, sender or address because of spam or a suspected break-in.',
    fix: 'Check the account for misuse, then ask the support of Microsoft to lift the block.',
    retry: 'no',
    examples: [
      onMail('550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP'),
      onMail('550 5.7.705 Access denied, tenant has exceeded threshold'),
      onMail('550 5.1.8 Access denied, bad outbound sender'),
      onMail('550 5.7.501 Access denied, spam abuse detected'),
    ],
  },
  {
    code: 'microsoft-suspicious',
    when: { reply: /^451 4\.7\.(5\d\d|6\d\d|8[5-9]\d)\b/ },
    cause: 'Microsoft slows this address down while it makes up its mind about it.',
    fix: 'Wait; send less at once.',
    retry: 'slowly',
    examples: [
      onMail('451 4.7.500 Server busy. Please try again later from [203.0.113.1].'),
      onMail('451 4.7.850 Access denied, please try again later'),
    ],
  },
];
