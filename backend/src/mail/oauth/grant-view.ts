import type { DeviceSignIn, OAuthGrant, RedirectAdvice } from '@signalpost/contracts';

import type { GrantRow } from './grant-row.js';

/** What people see of a grant: everything but its tokens. */
export function viewGrant(row: GrantRow, device: DeviceSignIn | null, redirect: RedirectAdvice): OAuthGrant {
  return {
    state: row.state,
    flow: row.flow,
    applicationId: row.application_id,
    mailbox: row.mailbox,
    sharedMailbox: row.shared_mailbox,
    account: row.account,
    scopes: row.scopes,
    obtainedAt: epochMs(row.obtained_at),
    accessExpiresAt: epochMs(row.access_expires_at),
    refreshExpiresAt: epochMs(row.refresh_expires_at),
    expiryNote: row.expiry_note,
    lastRefreshAt: epochMs(row.last_refresh_at),
    nextRefreshAt: epochMs(row.next_refresh_at),
    lastError: row.last_error,
    failures: row.failures,
    revision: row.revision,
    device,
    redirect,
  };
}

const epochMs = (date: Date | null): number | null => date?.getTime() ?? null;
