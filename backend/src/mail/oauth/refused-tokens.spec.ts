import { afterAll, beforeAll, expect, it } from 'vitest';

import { startAuthority, type FakeAuthority } from '../../../../test/fakes/oauth/authority.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import type { GrantRef } from './grant-row.js';
import { CALLBACK, OAuthRoom, TestClock } from './oauth-room.testing.js';

let db: Database;
let instance: Instance;
let microsoft: FakeAuthority;
let room: OAuthRoom;
const clock = new TestClock();
beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
  microsoft = await startAuthority({ kind: 'microsoft', redirectUris: [CALLBACK] });
  room = new OAuthRoom(db, instance, clock);
});
afterAll(async () => {
  await microsoft.close();
  instance.close();
  await db.close();
});

/** Signed in, and its first token was refused by the mail server: the second one's revision. */
async function refusedOnce(): Promise<{ ref: GrantRef; revision: number }> {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  const { revision } = await room.row(ref);
  const fresh = await room.tokens.accessToken(ref, { force: true, refusedRevision: revision });
  return { ref, revision: fresh.ok ? fresh.value.grantRevision : -1 };
}

it('tells what the server says, and asks the provider no more for tokens that it refuses', async () => {
  const { ref, revision } = await refusedOnce();
  await room.tokens.refusedByServer(ref, revision, '535 5.7.3 Authentication unsuccessful');
  const row = await room.row(ref);
  expect(row).toMatchObject({ state: 'failing', last_error: { code: 'mail-server-refuses', retryable: false } });
  expect(row.last_error?.message).toContain('535 5.7.3');
  const before = microsoft.tokenRequests.length;
  const again = await room.tokens.accessToken(ref, { force: true, refusedRevision: revision });
  expect(again).toMatchObject({ ok: true, value: { grantRevision: revision, refusedByServer: true } });
  expect(microsoft.tokenRequests.length).toBe(before);
});

it('asks again with the next scheduled refresh', async () => {
  const { ref, revision } = await refusedOnce();
  await room.tokens.refusedByServer(ref, revision, '535');
  clock.forward(3600_000);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true, value: { refusedByServer: false } });
  expect(await room.row(ref)).toMatchObject({ state: 'valid', last_error: null, revision: revision + 1 });
});

it('is healed by the first mail that the server takes, with the same token', async () => {
  const { ref, revision } = await refusedOnce();
  await room.tokens.refusedByServer(ref, revision, '535');
  await room.tokens.acceptedByServer(ref);
  const row = await room.row(ref);
  expect(row).toMatchObject({ state: 'valid', last_error: null, failures: 0, revision });
  expect(row.next_refresh_at?.getTime()).toBeGreaterThan(clock.now());
});

it('minds neither a token that was replaced meanwhile nor a server that refuses nothing', async () => {
  const { ref, revision } = await refusedOnce();
  await room.tokens.refusedByServer(ref, revision - 1, '535');
  expect(await room.row(ref)).toMatchObject({ state: 'valid', last_error: null });
  await room.tokens.acceptedByServer(ref);
  expect(await room.row(ref)).toMatchObject({ state: 'valid', revision });
});
