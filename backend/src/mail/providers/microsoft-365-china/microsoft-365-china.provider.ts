import type { ProviderDescription } from '../describe-provider.js';
import {
  EXCHANGE_LIMITS,
  EXCHANGE_SIGN_IN,
  GRAPH_APP_ONLY_WARNING,
  microsoftOAuth,
  microsoftSmtp,
  SECRET_EXPIRY_WARNING,
} from '../microsoft.js';

const GRAPH = 'https://microsoftgraph.chinacloudapi.cn';

export const microsoft365China: ProviderDescription = {
  id: 'microsoft-365-china',
  name: 'Microsoft 365 China (21Vianet)',
  initials: 'MC',
  kind: 'smtp',
  smtp: microsoftSmtp('smtp.partner.outlook.cn'),
  ...EXCHANGE_SIGN_IN,
  auth: ['oauth2', 'basic'],
  oauth: microsoftOAuth({
    login: 'https://login.partner.microsoftonline.cn',
    registerUrl: 'https://portal.azure.cn/',
    outlook: 'https://partner.outlook.cn',
    outlookAppOnly: 'https://partner.outlook.cn',
    graph: GRAPH,
  }),
  apiUrls: { graph: GRAPH },
  limits: EXCHANGE_LIMITS,
  warnings: [GRAPH_APP_ONLY_WARNING, SECRET_EXPIRY_WARNING],
  checked: '2026-11-21',
};
