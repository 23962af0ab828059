import type { ProviderDescription } from '../describe-provider.js';
import {
  EXCHANGE_LIMITS,
  EXCHANGE_SIGN_IN,
  GRAPH_APP_ONLY_WARNING,
  microsoftOAuth,
  microsoftSmtp,
  SECRET_EXPIRY_WARNING,
} from '../microsoft.js';

const GRAPH = 'https://graph.microsoft.us';

export const microsoft365GccHigh: ProviderDescription = {
  id: 'microsoft-365-gcc-high',
  name: 'Microsoft 365 GCC High',
  initials: 'MH',
  kind: 'smtp',
  smtp: microsoftSmtp('smtp.office365.us'),
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
