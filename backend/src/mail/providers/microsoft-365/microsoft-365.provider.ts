import type { ProviderDescription } from '../describe-provider.js';
import {
  EXCHANGE_LIMITS,
  EXCHANGE_SIGN_IN,
  GRAPH_APP_ONLY_WARNING,
  microsoftOAuth,
  microsoftSmtp,
  SECRET_EXPIRY_WARNING,
} from '../microsoft.js';

const GRAPH = 'https://graph.microsoft.com';

/** The worldwide cloud and GCC. Microsoft: "Authenticate an IMAP, POP or SMTP connection using OAuth"; dates: MC786329. */
export const microsoft365: ProviderDescription = {
  id: 'microsoft-365',
  name: 'Microsoft 365',
  initials: 'M',
  kind: 'smtp',
  smtp: microsoftSmtp('smtp.office365.com'),
  ...EXCHANGE_SIGN_IN,
  auth: ['oauth2', 'basic'],
  oauth: microsoftOAuth({
    login: 'https://login.microsoftonline.com',
    registerUrl: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
    outlook: 'https://outlook.office.com',
    outlookAppOnly: 'https://outlook.office365.com',
    graph: GRAPH,
  }),
  apiUrls: { graph: GRAPH },
  limits: EXCHANGE_LIMITS,
  warnings: [
    {
      text: 'Microsoft switches password sign-in over SMTP off by default at the end of December 2026; an administrator can switch it back on for the time being. Organizations made after that have OAuth 2.0 only. Choose OAuth 2.0 now.',
      from: '2026-12-31',
      about: 'basic',
    },
    GRAPH_APP_ONLY_WARNING,
    SECRET_EXPIRY_WARNING,
  ],
  checked: '2026-11-21',
};
