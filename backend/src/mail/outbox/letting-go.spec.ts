import { expect, it } from 'vitest';

import type { HeldPlace, MailGroup } from '../outbox-signal.js';
import { LettingGo } from './letting-go.js';

const place = (address: string): HeldPlace => ({ tenantId: 't', alarmId: 'a', address });
const GROUP: MailGroup = { server: { tenantId: 't', id: 's' }, priority: 1, tenantId: 't' };

/** Answers of `letGo` that the test gives, and what came of them. */
function lettingGo() {
  const asked: { readonly addresses: string[]; readonly answer: PromiseWithResolvers<MailGroup[]> }[] = [];
  const told: unknown[] = [];
  const holds = {
    letGo: (places: readonly HeldPlace[]) => {
      const answer = Promise.withResolvers<MailGroup[]>();
      asked.push({ addresses: places.map(({ address }) => address), answer });
      return answer.promise;
    },
  };
  const made = new LettingGo(
    holds,
    (groups) => told.push(groups),
    (error) => told.push(error),
  );
  return { made, asked, told };
}

it('asks for everything that came meanwhile at once, and tells where mails wait now', async () => {
  const { made, asked, told } = lettingGo();
  made.add([]);
  for (const address of ['one', 'two', 'three']) made.add([place(address)]);
  asked[0]?.answer.resolve([GROUP]);
  await expect.poll(() => asked.map(({ addresses }) => addresses)).toEqual([['one'], ['two', 'three']]);
  asked[1]?.answer.resolve([]);
  await made.ended();
  expect(told).toEqual([[GROUP]]);
});

it('tells of what failed, and goes on with what is added later', async () => {
  const { made, asked, told } = lettingGo();
  made.add([place('one')]);
  asked[0]?.answer.reject(new Error('gone'));
  await made.ended();
  made.add([place('two')]);
  asked[1]?.answer.resolve([]);
  await made.ended();
  expect([told, asked[1]?.addresses]).toEqual([[new Error('gone')], ['two']]);
});
