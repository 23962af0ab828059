import { DELEGATED_FLOWS } from '@signalpost/contracts';

import { editDistance } from './edit-distance.js';
import {
  isGoogle,
  isMicrosoft,
  when,
  type Found,
  type LintAuth,
  type LintContext,
  type LintRule,
} from './lint-rule.js';

const KNOWN_SCOPES = ['SMTP.Send', 'Mail.Send', 'Mail.ReadWrite', 'offline_access', '.default', 'gmail.send'];
const MAX_TYPO = 2;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const isDelegated = ({ flow }: LintAuth): boolean => DELEGATED_FLOWS.some((delegated) => delegated === flow);
const lastPart = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);

/** A finding for each scope that is wrong. */
function scopes(
  context: LintContext,
  wrong: (scope: string) => boolean,
  say: (scope: string) => Omit<Found, 'field'>,
): Found[] {
  return (context.auth.scopes ?? []).flatMap((scope, index) =>
    wrong(scope) ? [{ field: `/auth/scopes/${index}`, ...say(scope) }] : [],
  );
}

function meantScope(scope: string): string | undefined {
  const part = lastPart(scope);
  if (KNOWN_SCOPES.some((known) => known.toLowerCase() === part.toLowerCase())) return undefined;
  return KNOWN_SCOPES.find((known) => editDistance(known.toLowerCase(), part.toLowerCase()) <= MAX_TYPO);
}

const OUTLOOK = 'https://outlook.office.com';
const microsoft = (auth: LintAuth) => ({
  host: 'smtp.office365.com',
  auth: { kind: 'oauth2', username: 'a@b.org', ...auth },
});

/** Scopes, flows and what belongs to an application. */
export const OAUTH_RULES: readonly LintRule[] = [
  {
    code: 'scope-typo',
    severity: 'error',
    find: (context) =>
      scopes(
        context,
        (scope) => meantScope(scope) !== undefined,
        (scope) => ({
          message: `"${lastPart(scope)}" is no scope; "${meantScope(scope) ?? ''}" is meant, it seems.`,
          fix: `Write ${meantScope(scope) ?? ''}.`,
        }),
      ),
    wrong: [microsoft({ scopes: [`${OUTLOOK}/SMPT.Send`] }), microsoft({ scopes: ['ofline_access'] })],
    right: [
      microsoft({ scopes: [`${OUTLOOK}/SMTP.Send`, 'offline_access'] }),
      { auth: { scopes: ['smtp.send', 'email'] } },
    ],
  },
  {
    code: 'several-scopes-in-one',
    severity: 'error',
    find: (context) =>
      scopes(
        context,
        (scope) => /[\s,;]/.test(scope.trim()),
        () => ({ message: 'This is more than one scope.', fix: 'Write each scope on its own, without commas.' }),
      ),
    wrong: [{ auth: { scopes: [`${OUTLOOK}/SMTP.Send offline_access`] } }],
    right: [{ auth: { scopes: [`${OUTLOOK}/SMTP.Send`, 'offline_access'] } }],
  },
  {
    code: 'delegated-scope-without-person',
    severity: 'error',
    find: (context) =>
      context.auth.flow !== 'clientCredentials' || !isMicrosoft(context)
        ? []
        : scopes(
            context,
            (scope) => lastPart(scope) !== '.default',
            () => ({
              message: 'With client credentials nobody signs in, and this scope is for a person.',
              fix: 'Use "https://outlook.office365.com/.default" alone, or choose the flow in which somebody signs in.',
            }),
          ),
    wrong: [microsoft({ flow: 'clientCredentials', scopes: [`${OUTLOOK}/SMTP.Send`, 'offline_access'] })],
    right: [
      microsoft({ flow: 'clientCredentials', scopes: ['https://outlook.office365.com/.default'] }),
      { host: 'mail.example.org', auth: { flow: 'clientCredentials', scopes: ['smtp.send'] } },
    ],
  },
  {
    code: 'offline-access-without-person',
    severity: 'warning',
    find: (context) =>
      isDelegated(context.auth) || context.auth.flow === undefined || isMicrosoft(context)
        ? []
        : scopes(
            context,
            (scope) => lastPart(scope) === 'offline_access',
            () => ({
              message: 'In this flow nobody signs in, so there is nothing that "offline_access" could keep.',
              fix: 'Leave "offline_access" out.',
            }),
          ),
    wrong: [{ host: 'mail.example.org', auth: { flow: 'clientCredentials', scopes: ['offline_access'] } }],
    right: [{ host: 'mail.example.org', auth: { flow: 'authorizationCode', scopes: ['offline_access'] } }],
  },
  {
    code: 'app-only-scope-with-person',
    severity: 'warning',
    find: (context) =>
      !isDelegated(context.auth) || !isMicrosoft(context)
        ? []
        : scopes(
            context,
            (scope) => lastPart(scope) === '.default',
            () => ({
              message: '".default" is for client credentials; here somebody signs in.',
              fix: `Use "${OUTLOOK}/SMTP.Send".`,
            }),
          ),
    wrong: [microsoft({ flow: 'authorizationCode', scopes: ['https://outlook.office365.com/.default'] })],
    right: [microsoft({ flow: 'deviceCode', scopes: [`${OUTLOOK}/SMTP.Send`] })],
  },
  {
    code: 'scope-of-another-api',
    severity: 'error',
    find: (context) =>
      (context.settings.transport ?? 'smtp') !== 'smtp'
        ? []
        : scopes(
            context,
            (scope) => /graph\.microsoft\.|^Mail\.(Send|ReadWrite)$|\/auth\/gmail\.send$/i.test(scope),
            () => ({
              message: 'This scope is for the HTTP API of the provider; SMTP refuses a token with it.',
              fix: `Use the scope for SMTP ("${OUTLOOK}/SMTP.Send" or "https://mail.google.com/"), or send through the API.`,
            }),
          ),
    wrong: [
      microsoft({ scopes: ['https://graph.microsoft.com/Mail.Send'] }),
      { host: 'smtp.gmail.com', auth: { scopes: ['https://www.googleapis.com/auth/gmail.send'] } },
    ],
    right: [
      { transport: 'graph', auth: { scopes: ['https://graph.microsoft.com/Mail.Send'] } },
      { host: 'smtp.gmail.com', auth: { scopes: ['https://mail.google.com/'] } },
    ],
  },
  {
    code: 'authorization-url-unused',
    severity: 'warning',
    find: ({ auth }) =>
      when(auth.flow === 'clientCredentials' && auth.authorizationUrl !== undefined, () => ({
        field: '/auth/authorizationUrl',
        message: 'With client credentials nobody signs in, so this address is not used.',
        fix: 'Leave it empty, or choose the flow in which somebody signs in.',
      })),
    wrong: [{ auth: { flow: 'clientCredentials', authorizationUrl: 'https://login.example.org/authorize' } }],
    right: [{ auth: { flow: 'authorizationCode', authorizationUrl: 'https://login.example.org/authorize' } }],
  },
  {
    code: 'flow-not-offered',
    severity: 'error',
    find: ({ template, auth: { kind, flow } }) => {
      const flows = template?.oauth?.flows;
      const wrong = kind === 'oauth2' && flow !== undefined && flows?.some((offered) => offered === flow) === false;
      return when(wrong, () => ({
        field: '/auth/flow',
        message: `${template?.name ?? 'The provider'} does not have this flow.`,
        fix: `Choose one of: ${flows?.join(', ') ?? ''}.`,
      }));
    },
    wrong: [{ host: 'smtp.gmail.com', auth: { kind: 'oauth2', flow: 'clientCredentials' } }],
    right: [{ host: 'smtp.gmail.com', auth: { kind: 'oauth2', flow: 'serviceAccount' } }],
  },
  {
    code: 'secret-is-its-id',
    severity: 'error',
    find: (context) =>
      when(GUID.test(context.auth.clientSecret?.trim() ?? '') && isMicrosoft(context), () => ({
        field: '/auth/clientSecret',
        message: 'This is the id of a client secret, not the secret.',
        fix: 'Copy the column "Value", which Microsoft shows once; make a new secret if it is gone.',
      })),
    wrong: [microsoft({ clientSecret: '0f8fad5b-d9cb-469f-a165-70867728950e' })],
    right: [microsoft({ clientSecret: 'abc8Q~0f8fad5bd9cb469fa16570867728950e' })],
  },
  {
    code: 'client-id-not-an-id',
    severity: 'error',
    find: (context) => {
      const id = context.auth.clientId?.trim();
      const wrong =
        id !== undefined &&
        ((isMicrosoft(context) && !GUID.test(id)) ||
          (isGoogle(context) && !id.endsWith('.apps.googleusercontent.com')));
      return when(wrong, () => ({
        field: '/auth/clientId',
        message: 'This is not what the provider calls the client id.',
        fix: 'Copy "Application (client) ID" at Microsoft, or the client id that ends in ".apps.googleusercontent.com" at Google.',
      }));
    },
    wrong: [microsoft({ clientId: 'Signalpost' }), { host: 'smtp.gmail.com', auth: { clientId: 'abc' } }],
    right: [
      microsoft({ clientId: '0f8fad5b-d9cb-469f-a165-70867728950e' }),
      { host: 'smtp.gmail.com', auth: { clientId: '1-a.apps.googleusercontent.com' } },
    ],
  },
];
