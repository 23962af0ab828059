import type { ProviderDescription } from '../describe-provider.js';
import {
  EXCHANGE_LIMITS,
  EXCHANGE_SIGN_IN,
  GRAPH_APP_ONLY_WARNING,
  microsoftOAuth,
  microsoftSmtp,
  SECRET_EXPIRY_WARNING,
} from '../microsoft.js';

const GRAPH = 'https://dod-graph.microsoft.us';

/** No public page of Microsoft names the SMTP host of this cloud; this one is Exchange's own there and is used by other products. */
export const microsoft365Dod: ProviderDescription = {
  id: 'microsoft-365-dod',
  name: 'Microsoft 365 DoD',
  initials: 'MD',
  kind: 'smtp',
  smtp: microsoftSmtp('outlook-dod.office365.us'),
  ...EXCHANGE_SIGN_IN,
  auth: ['oauth2', 'basic'],
  oauth: microsoftOAuth({
    login: 'https://login.microsoftonline.us',
    registerUrl: 'https://portal.azure.us/',
    outlook: 'https://outlook.office365.us',
    outlookAppOnly: 'https://outlook.office365.us',
    graph: GRAPH,
  }),
  apiUrls: { graph: GRAPH },
  limits: EXCHANGE_LIMITS,
  warnings: [GRAPH_APP_ONLY_WARNING, SECRET_EXPIRY_WARNING],
  checked: '2026-11-21',
};
