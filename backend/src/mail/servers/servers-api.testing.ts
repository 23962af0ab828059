import { randomBytes } from 'node:crypto';

import { Global, Module } from '@nestjs/common';

import { NetModule } from '../../net/index.js';
import { QueueModule } from '../../queue/index.js';
import { ChainServerUsage, RuleChainsModule } from '../../rule-chains/index.js';
import { SecretBox } from '../../secrets/index.js';
import { seedPeople, send, signedIn, startTestApp, type People } from '../../start/test-app.testing.js';
import { MailModule } from '../mail.module.js';
import { ServerUsageModule } from './server-usage.module.js';

@Global()
@Module({
  providers: [{ provide: SecretBox, useValue: new SecretBox([{ kid: 'k', key: randomBytes(32) }]) }],
  exports: [SecretBox],
})
class TestSecretsModule {}

export type Who = keyof People['emails'];
export type Body = Record<string, unknown>;
export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Body;
}

/** The rooms of mail servers and rule chains over real HTTP, everybody signed in at need. */
export async function startServersApi() {
  @Module({ imports: [ServerUsageModule.with(RuleChainsModule, ChainServerUsage)] })
  class TestUsageModule {}
  const rooms = [NetModule, QueueModule, TestSecretsModule, MailModule, RuleChainsModule, TestUsageModule];
  const test = await startTestApp({ rooms });
  const people = await seedPeople(test);
  const cookies = new Map<Who, { readonly Cookie: string }>();
  async function as(who: Who, method: string, path: string, body?: unknown, etag?: string | null): Promise<Answer> {
    const cookie = cookies.get(who) ?? (await signedIn(test.url, people.emails[who]));
    cookies.set(who, cookie);
    const headers = { ...cookie, ...(etag ? { 'If-Match': etag } : {}) };
    const answer = await send(`${test.url}/api/mail${path}`, method, body, headers);
    return { status: answer.status, etag: answer.headers.get('etag'), body: answer.body };
  }
  return { test, people, as, close: () => test.close() };
}
export type ServersApi = Awaited<ReturnType<typeof startServersApi>>;

/** What stands in `errors` of a refusal, as `pointer message`. */
export const errorsOf = ({ body }: Answer): string[] =>
  ((body['errors'] ?? []) as { pointer: string; message: string }[]).map(
    ({ pointer, message }) => `${pointer} ${message}`,
  ); // the schema of every problem
