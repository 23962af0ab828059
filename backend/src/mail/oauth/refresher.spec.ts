import { afterAll, beforeAll, expect, it } from 'vitest';

import { startAuthority, type FakeAuthority } from '../../../../test/fakes/oauth/authority.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { CALLBACK, DAY, GOOGLE, OAuthRoom, TestClock } from './oauth-room.testing.js';

let db: Database;
let instances: readonly Instance[];
let microsoft: FakeAuthority;
let google: FakeAuthority;
const clock = new TestClock();
let room: OAuthRoom;
let otherRoom: OAuthRoom;

beforeAll(async () => {
  db = await createTestDatabase();
  instances = [await Instance.open(db), await Instance.open(db)];
  microsoft = await startAuthority({ kind: 'microsoft', redirectUris: [CALLBACK] });
  google = await startAuthority({ kind: 'google', redirectUris: [CALLBACK] });
  room = new OAuthRoom(db, instances[0]!, clock);
  otherRoom = new OAuthRoom(db, instances[1]!, clock);
});
afterAll(async () => {
  await Promise.all([microsoft.close(), google.close()]);
  for (const instance of instances) instance.close();
  await db.close();
});

const asked = ({ tokenRequests }: FakeAuthority) =>
  tokenRequests.filter(({ grantType }) => grantType === 'refresh_token').length;

it('keeps a mailbox alive that sends nothing for 90 days and more', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  const before = asked(microsoft);
  for (let day = 0; day < 100; day += 1) {
    clock.forward(DAY);
    await room.refresher.run();
  }
  const row = await room.row(ref);
  expect(row.state).toBe('valid');
  expect(row.refresh_expires_at!.getTime() - clock.now()).toBeGreaterThan(85 * DAY);
  expect(asked(microsoft) - before).toBe(100);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
});

it('shares the work among instances: every grant is refreshed once', async () => {
  const refs = await Promise.all(Array.from({ length: 6 }, () => room.server(google, GOOGLE)));
  for (const ref of refs) await room.signIn(google, ref);
  await room.refresher.run();
  const before = asked(google);
  clock.forward(DAY);
  await Promise.all([room.refresher.run(), otherRoom.refresher.run(), room.refresher.run()]);
  expect(asked(google) - before).toBe(6);
});

it('does not refresh all at the same time', async () => {
  const rows = await db.query<{ at: Date }>('SELECT next_refresh_at AS at FROM oauth_grant');
  expect(new Set(rows.map(({ at }) => at.getTime())).size).toBe(rows.length);
});

it('warns 14, 7, 3 and 1 day before a secret ends, each once', async () => {
  const secretExpiresAt = clock.now() + 20 * DAY;
  const options = {
    flow: 'clientCredentials' as const,
    scopes: ['https://outlook.office365.com/.default'],
    secretExpiresAt,
  };
  const ref = await room.server(microsoft, options);
  const told = () => [...room.expiring, ...otherRoom.expiring].filter((grant) => grant.ref.serverId === ref.serverId);
  for (let day = 0; day < 20; day += 1) {
    await Promise.all([room.refresher.run(), otherRoom.refresher.run()]);
    clock.forward(DAY);
  }
  const days = told().map((grant) => grant.days);
  expect(days.sort((a, b) => b - a)).toEqual([14, 7, 3, 1]);
  expect(told().every(({ what }) => what === 'credential')).toBe(true);
  expect(await room.row(ref)).toMatchObject({ state: 'expiring' });
});

it('warns of a Google project in "Testing" by its name', async () => {
  const ref = await room.server(google, GOOGLE);
  google.persona.refreshSeconds = 7 * 86_400 - 1;
  await room.signIn(google, ref);
  delete google.persona.refreshSeconds;
  await room.refresher.run();
  clock.forward(5 * DAY);
  await room.refresher.run();
  const told = room.expiring.filter((grant) => grant.ref.serverId === ref.serverId);
  expect(told.map(({ days }) => days)).toEqual([7, 3]);
  expect(told[0]?.note).toContain('"Testing"');
});

it('tells people when a refresh is refused for good', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  microsoft.revokeAll();
  clock.forward(DAY);
  await room.refresher.run();
  expect(room.lost).toContain(ref.serverId);
  expect(await room.row(ref)).toMatchObject({ state: 'needs-consent' });
});
