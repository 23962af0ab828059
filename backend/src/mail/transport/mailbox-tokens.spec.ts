import { expect, it } from 'vitest';

import { refused } from '../oauth/oauth-failures.js';
import { grantTokens } from './mailbox-tokens.js';

it('lets no mail fail because the database could not be told what a server thinks of its token', async () => {
  const gone = () => Promise.reject(new Error('The database is gone'));
  const service = { accessToken: () => Promise.resolve(refused('consent-ended')), refusedByServer: gone };
  const tokens = grantTokens({ ...service, acceptedByServer: gone })({ tenantId: 't', id: 's' });
  await expect(tokens.accepted()).resolves.toBeUndefined();
  await expect(tokens.refused(1, '535 no')).resolves.toBeUndefined();
});
