import type { Database } from '../../db/index.js';
import type { MailboxProof } from '../oauth/consents.js';
import { refused } from '../oauth/oauth-failures.js';
import type { MailRoute, MailRoutes } from '../servers/mail-route.js';
import { probeApi } from './api/probe.js';
import type { MailboxTokens } from './mailbox-tokens.js';
import type { NotSent } from './mail-transport.js';
import { apiAccess, ownerOf, type TransportNeeds } from './make-transport.js';
import { SmtpTransport } from './smtp-transport.js';

const CLOSE_GRACE_MS = 1_000;
/** Far beyond the proof itself. */
const LIFE_MS = 60_000;

/**
 * Whose mailbox a token opens, asked of the mail server itself: a real sign-in, and nothing is sent. Only a refusal of the
 * token counts; a server that cannot be reached now says nothing about who consented.
 */
export const proveMailbox =
  (db: Database, routes: MailRoutes, needs: TransportNeeds): MailboxProof =>
  async ({ tenantId, serverId }, token) => {
    const route = await routes.resolve(db, { tenantId, id: serverId }).catch(() => null);
    if (route === null) return { ok: true, value: null };
    const failed = await signIn({ ...route, token: once(token) }, needs);
    if (failed?.failure.code !== 'token-refused') return { ok: true, value: null };
    return refused('wrong-account', failed.reply === null ? undefined : `The mail server says: ${failed.reply}`);
  };

async function signIn(route: MailRoute, needs: TransportNeeds): Promise<NotSent | undefined> {
  const { transport: kind } = route.settings;
  if (kind !== 'smtp') {
    const access = apiAccess(route, kind, needs);
    return 'code' in access ? undefined : probeApi(kind, access, ownerOf(route));
  }
  const transport = new SmtpTransport(route, needs.egress);
  try {
    return await transport.signIn();
  } finally {
    await transport.close(CLOSE_GRACE_MS);
  }
}

/** One token, which nothing is known of yet. */
const once = (token: string): MailboxTokens => ({
  get: () =>
    Promise.resolve({
      ok: true,
      value: { token, expiresAt: Date.now() + LIFE_MS, grantRevision: 0, refusedByServer: false },
    }),
  refused: () => Promise.resolve(),
  accepted: () => Promise.resolve(),
});
