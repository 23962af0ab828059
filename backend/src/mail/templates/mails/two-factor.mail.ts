import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, moment, text } from '../variables.js';

const at = moment('When it was');
const source = text('Network address that it came from; may be empty');
const toAccount = link('Opens the page that shows the second factor');
const LINK = 'https://signalpost.example.org/account/security';
const own = z.object({ at, source, link: toAccount });
const sample = (now: number) => ({ at: now, source: '203.0.113.7', link: LINK });

export const twoFactorEnabledMail = describeSystemMail({
  id: 'two-factor-enabled',
  variables: own.extend({ app: text('Not empty: codes of an app; empty: codes by mail') }),
  sample: (now) => ({ ...sample(now), app: 'yes' }),
  essential: [],
  texts: {
    en: {
      subject: 'A second factor is switched on for your account at {{productName}}',
      html: `<h1>A second factor is switched on</h1>
<p>Since {{at}} a sign-in as {{recipientAddress}} is asked for {{#if app}}a code of an authenticator app{{else}}a code by mail{{/if}} besides the password{{#if source}}. It was switched on from {{source}}{{/if}}.</p>
<p>If it was you, all is well. If not, somebody could lock you out: tell your administrator, who can take it away, and change your password.</p>
{{button link "See my account"}}`,
    },
    de: {
      subject: 'Ein zweiter Faktor ist für Ihr Konto bei {{productName}} eingeschaltet',
      html: `<h1>Ein zweiter Faktor ist eingeschaltet</h1>
<p>Seit dem {{at}} wird bei einer Anmeldung als {{recipientAddress}} außer dem Passwort {{#if app}}ein Code einer Authenticator-App{{else}}ein Code per Mail{{/if}} verlangt{{#if source}}. Eingeschaltet wurde das von {{source}} aus{{/if}}.</p>
<p>Waren Sie es, ist alles in Ordnung. Wenn nicht, könnte Sie jemand aussperren: Sagen Sie es Ihrem Administrator, der das zurücknehmen kann, und ändern Sie Ihr Passwort.</p>
{{button link "Mein Konto ansehen"}}`,
    },
  },
});

export const twoFactorDisabledMail = describeSystemMail({
  id: 'two-factor-disabled',
  variables: own.extend({ app: text('Not empty: codes of an app are still asked for; empty: the password is enough') }),
  sample: (now) => ({ ...sample(now), app: null }),
  essential: [],
  texts: {
    en: {
      subject: 'A second factor is switched off for your account at {{productName}}',
      html: `<h1>A second factor is switched off</h1>
<p>{{#if app}}Since {{at}} a sign-in as {{recipientAddress}} is asked for codes of your app alone; codes by mail are switched off{{else}}Since {{at}} the password is enough to sign in as {{recipientAddress}}; no second factor is asked for{{/if}}{{#if source}}. It was switched off from {{source}}{{/if}}.</p>
<p>If it was you, all is well. If not, change your password, switch the second factor on again, and tell your administrator.</p>
{{button link "See my account"}}`,
    },
    de: {
      subject: 'Ein zweiter Faktor ist für Ihr Konto bei {{productName}} ausgeschaltet',
      html: `<h1>Ein zweiter Faktor ist ausgeschaltet</h1>
<p>{{#if app}}Seit dem {{at}} werden bei einer Anmeldung als {{recipientAddress}} nur noch Codes Ihrer App verlangt; Codes per Mail sind ausgeschaltet{{else}}Seit dem {{at}} genügt das Passwort, um sich als {{recipientAddress}} anzumelden; ein zweiter Faktor wird nicht verlangt{{/if}}{{#if source}}. Ausgeschaltet wurde das von {{source}} aus{{/if}}.</p>
<p>Waren Sie es, ist alles in Ordnung. Wenn nicht, ändern Sie Ihr Passwort, schalten Sie den zweiten Faktor wieder ein und sagen Sie es Ihrem Administrator.</p>
{{button link "Mein Konto ansehen"}}`,
    },
  },
});

export const twoFactorRemovedMail = describeSystemMail({
  id: 'two-factor-removed',
  variables: z.object({ at, administrator: text('Who took it away; may be empty'), link: toAccount }),
  sample: (now) => ({ at: now, administrator: 'admin@example.org', link: LINK }),
  essential: [],
  texts: {
    en: {
      subject: 'An administrator took away your second factor at {{productName}}',
      html: `<h1>Your second factor was taken away</h1>
<p>{{#if administrator}}The administrator {{administrator}}{{else}}An administrator{{/if}} took away the second factor of {{recipientAddress}} on {{at}}. The password alone is enough to sign in now.</p>
<p>If you asked for it, sign in and set up a new one. If not, ask your administrator why, and change your password.</p>
{{button link "See my account"}}`,
    },
    de: {
      subject: 'Ein Administrator hat Ihren zweiten Faktor bei {{productName}} entfernt',
      html: `<h1>Ihr zweiter Faktor wurde entfernt</h1>
<p>{{#if administrator}}Der Administrator {{administrator}}{{else}}Ein Administrator{{/if}} hat am {{at}} den zweiten Faktor von {{recipientAddress}} entfernt. Zum Anmelden genügt jetzt das Passwort.</p>
<p>Haben Sie darum gebeten, melden Sie sich an und richten Sie einen neuen ein. Wenn nicht, fragen Sie Ihren Administrator nach dem Grund und ändern Sie Ihr Passwort.</p>
{{button link "Mein Konto ansehen"}}`,
    },
  },
});

export const recoveryCodesRenewedMail = describeSystemMail({
  id: 'recovery-codes-renewed',
  variables: own,
  sample,
  essential: [],
  texts: {
    en: {
      subject: 'New recovery codes for your account at {{productName}}',
      html: `<h1>New recovery codes</h1>
<p>New recovery codes were made for {{recipientAddress}} on {{at}}{{#if source}}, from {{source}}{{/if}}. The old ones do not work any more.</p>
<p>If it was you, all is well: keep the new ones in a safe place. If not, change your password, make new ones, and tell your administrator.</p>
{{button link "See my account"}}`,
    },
    de: {
      subject: 'Neue Wiederherstellungscodes für Ihr Konto bei {{productName}}',
      html: `<h1>Neue Wiederherstellungscodes</h1>
<p>Am {{at}} wurden für {{recipientAddress}} neue Wiederherstellungscodes erstellt{{#if source}}, von {{source}} aus{{/if}}. Die alten gelten nicht mehr.</p>
<p>Waren Sie es, ist alles in Ordnung: Bewahren Sie die neuen sicher auf. Wenn nicht, ändern Sie Ihr Passwort, erstellen Sie neue und sagen Sie es Ihrem Administrator.</p>
{{button link "Mein Konto ansehen"}}`,
    },
  },
});
