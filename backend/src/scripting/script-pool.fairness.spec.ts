import { afterEach, describe, expect, it } from 'vitest';

import { ScriptPool } from './script-pool.js';
import {
  call,
  ENDLESS,
  OTHER_TENANT,
  outcome,
  SLOW_LATER,
  TENANT,
  TO_THE_END,
  UNSTOPPABLE,
} from './script-calls.testing.js';

let pool: ScriptPool;
const fresh = (): ScriptPool => (pool = new ScriptPool({ workers: 1 }));
afterEach(() => pool.close());

const endless = (index: number) => call(`${ENDLESS} // ${index}`);

describe('tenants that share a thread', () => {
  it("take turns: one tenant's endless loops cost another one of them at most", async () => {
    fresh();
    let ended = 0;
    const loops = Array.from({ length: 10 }, (_, index) =>
      pool.run(TENANT, [endless(index)], SLOW_LATER).finally(() => ended++),
    );
    expect((await pool.run(OTHER_TENANT, [call('return 1;')], SLOW_LATER)).map(outcome)).toEqual([1]);
    expect(ended).toBeLessThanOrEqual(1);
    expect((await Promise.all(loops)).flat().map(outcome)).toEqual(loops.map(() => 'slow'));
  });

  it('take turns within one long run, too', async () => {
    fresh();
    let ended = false;
    const long = pool
      .run(
        TENANT,
        Array.from({ length: 10 }, (_, index) => endless(index)),
        SLOW_LATER,
      )
      .finally(() => (ended = true));
    expect((await pool.run(OTHER_TENANT, [call('return 1;')], SLOW_LATER)).map(outcome)).toEqual([1]);
    expect(ended).toBe(false);
    expect((await long).map(outcome)).toEqual(new Array(10).fill('slow'));
  });

  it('do not wait for scripts for which nobody waits', async () => {
    fresh();
    let ended = false;
    const slow = pool
      .run(
        TENANT,
        Array.from({ length: 5 }, (_, index) => endless(index)),
        TO_THE_END,
      )
      .finally(() => (ended = true));
    expect((await pool.run(OTHER_TENANT, [call('return 1;')], SLOW_LATER)).map(outcome)).toEqual([1]);
    expect(ended).toBe(false);
    await slow;
  });
});

describe('when a thread has to be ended', () => {
  it('what waited for it runs on the next, in order', async () => {
    fresh();
    const bad = pool.run(TENANT, [call('return "before";'), call(UNSTOPPABLE), call('return "after";')], SLOW_LATER);
    const waiting = [OTHER_TENANT, TENANT, OTHER_TENANT].map((tenant, index) =>
      pool.run(tenant, [call('return msg.n;', { msg: { n: index } })], SLOW_LATER),
    );
    expect((await Promise.all(waiting)).flat().map(outcome)).toEqual([0, 1, 2]);
    expect((await bad).map(outcome)).toEqual(['before', 'slow', 'after']);
  });

  it("three times for one script of a tenant, that script is not run for a while; its others and other tenants' are", async () => {
    fresh();
    const bad = () => pool.run(TENANT, [call(UNSTOPPABLE)], TO_THE_END);
    for (let time = 0; time < 3; time++) expect((await bad()).map(outcome)).toEqual(['script-timeout']);
    expect(await bad()).toMatchObject([{ ok: false, failure: { code: 'script-blocked', retryable: false } }]);
    expect((await pool.run(TENANT, [call('return 1;')], TO_THE_END)).map(outcome)).toEqual([1]);
    expect((await pool.run(OTHER_TENANT, [call('return 2;')], TO_THE_END)).map(outcome)).toEqual([2]);
  });
});
