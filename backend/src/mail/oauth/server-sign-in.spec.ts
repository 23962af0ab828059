import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { oauthInlineSettingsSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { startAuthority, type FakeAuthority } from '../../../../test/fakes/oauth/authority.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { mailProvider } from '../providers/catalogue.js';
import { oauthClients } from './clients/index.js';
import { OAuthRoom } from './oauth-room.testing.js';
import { ServerSignIn, type SignInWanted } from './server-sign-in.js';
import { TokenService } from './token-service.js';

let db: Database;
let instance: Instance;
let room: OAuthRoom;
let signIn: ServerSignIn;
let authority: FakeAuthority;
let plain: Server;
let asked: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
  room = new OAuthRoom(db, instance);
  signIn = new ServerSignIn(room.grants, room.applications, (id) => mailProvider(id).oauth);
  authority = await startAuthority({ kind: 'microsoft' });
  asked = [];
  plain = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => asked.push(chunk.toString()));
    request.on('end', () => response.end(JSON.stringify({ access_token: `token ${asked.length}`, expires_in: 3600 })));
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  plain.close();
  await authority.close();
  instance.close();
  await db.close();
});

const inline = (more: object = {}) =>
  oauthInlineSettingsSchema.parse({
    ...{
      kind: 'oauth2',
      flow: 'clientCredentials',
      username: 'box@example.org',
      clientId: 'a',
      clientSecret: 'tell-nobody',
    },
    ...{ tokenUrl: `http://127.0.0.1:${(plain.address() as AddressInfo).port}/token`, scopes: ['smtp.send'] },
    ...more,
  });

async function apply(change: Partial<SignInWanted> = {}) {
  const ref = change.ref ?? (await room.server(authority));
  const wanted: SignInWanted = {
    ref,
    name: 'Plant mail',
    provider: 'custom',
    use: 'smtp',
    auth: inline(),
    managed: true,
    mayDialAnywhere: true,
    ...change,
  };
  return { ref, result: await db.transaction((uow) => signIn.apply(uow, wanted)) };
}

/** As in the product: nothing private is open. */
function closedTokens(): TokenService {
  const { grants, applications, clock } = room;
  const client = oauthClients(new GuardedFetch(new EgressGuard([])));
  return new TokenService({ db, grants, applications, client, owner: instance, clock });
}

it('makes an application of inline fields, and reaches the exact address that the provisioning file names', async () => {
  const { ref, result } = await apply();
  expect(result).toMatchObject({ ok: true, value: { applicationId: ref.serverId, flow: 'clientCredentials' } });
  expect(JSON.stringify(result)).not.toContain('tell-nobody');
  expect(await closedTokens().accessToken(ref)).toMatchObject({ ok: true, value: { token: 'token 1' } });
  expect(asked[0]).toContain('client_secret=tell-nobody');
  expect(asked[0]).toContain('scope=smtp.send');
});

it('keeps that address closed to what a tenant typed', async () => {
  const { ref } = await apply({ managed: false, mayDialAnywhere: false });
  const answer = await closedTokens().accessToken(ref);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'address-unusable' } });
});

it('writes nothing when all is as it was, so that tokens stay', async () => {
  const { ref } = await apply();
  await closedTokens().accessToken(ref);
  const before = await room.row(ref);
  await apply({ ref });
  expect((await room.row(ref)).revision).toBe(before.revision);
  expect((await room.row(ref)).access_token).toBe(before.access_token);
});

it('takes the scopes of the template for what the token is for', async () => {
  const ref = await room.server(authority);
  const auth = {
    kind: 'oauth2' as const,
    flow: 'authorizationCode' as const,
    username: 'b@example.org',
    applicationId: ref.applicationId,
  };
  const common = { ref, name: 'x', provider: 'microsoft-365' as const, managed: false, auth };
  await db.transaction((uow) => signIn.apply(uow, { ...common, use: 'graph' }));
  expect((await room.row(ref)).scopes).toContain('https://graph.microsoft.com/Mail.Send');
  await db.transaction((uow) => signIn.apply(uow, { ...common, use: 'smtp' }));
  expect((await room.row(ref)).scopes).toContain('https://outlook.office.com/SMTP.Send');
});

it('knows no application of another tenant, and no flow that the provider does not have', async () => {
  const other = await room.server(authority);
  const auth = {
    kind: 'oauth2' as const,
    flow: 'deviceCode' as const,
    username: 'b@example.org',
    applicationId: other.applicationId,
  };
  expect((await apply({ auth, provider: 'microsoft-365' })).result).toMatchObject({
    failure: { code: 'application-missing' },
  });
  expect((await apply({ auth, provider: 'google' })).result).toMatchObject({ failure: { code: 'flow-unsupported' } });
});

it('ends with its server', async () => {
  const { ref } = await apply();
  await db.transaction((uow) => signIn.end(uow, ref));
  expect(await room.grants.find(db, ref)).toBeUndefined();
  expect(await room.applications.find(db, ref.tenantId, ref.serverId)).toBeUndefined();
});
