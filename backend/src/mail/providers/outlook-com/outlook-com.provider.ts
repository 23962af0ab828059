import type { ProviderDescription } from '../describe-provider.js';
import { microsoftOAuth, microsoftSmtp, SECRET_EXPIRY_WARNING } from '../microsoft.js';

const GRAPH = 'https://graph.microsoft.com';

/** An application cannot act for itself at a personal account: no flow without a person. */
const {
  adminConsentUrl: _adminConsentUrl,
  appOnlyScopes: _appOnlyScopes,
  ...oauth
} = microsoftOAuth({
  login: 'https://login.microsoftonline.com',
  registerUrl: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
  outlook: 'https://outlook.office.com',
  outlookAppOnly: 'https://outlook.office365.com',
  graph: GRAPH,
});

/** Personal accounts: outlook.com, hotmail.com, live.com, msn.com. */
export const outlookCom: ProviderDescription = {
  id: 'outlook-com',
  name: 'Outlook.com (Hotmail, Live)',
  initials: 'O',
  kind: 'smtp',
  smtp: { ...microsoftSmtp('smtp-mail.outlook.com'), alternatives: [] },
  username: { hint: 'The full address, like somebody@outlook.com' },
  password: { label: 'Password', hint: '' },
  auth: ['oauth2'],
  oauth: {
    ...oauth,
    flows: ['authorizationCode', 'deviceCode'],
    directoryId: { hint: '"consumers" for personal accounts', default: 'consumers' },
  },
  apiUrls: { graph: GRAPH },
  limits: {},
  warnings: [
    {
      text: 'Outlook.com refuses passwords and app passwords over SMTP since 16 September 2024; OAuth 2.0 is the only way in.',
      from: '2024-09-16',
    },
    SECRET_EXPIRY_WARNING,
  ],
  checked: '2026-11-21',
};
