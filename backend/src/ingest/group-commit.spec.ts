import { expect, it } from 'vitest';

import { GroupCommit, OverloadedError } from './group-commit.js';

/** A commit that ends when the test says so. */
function manualCommits() {
  const begun: { items: readonly number[]; end: (error?: Error) => void }[] = [];
  const commit = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      begun.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))) });
    });
  return { begun, commit };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('puts everything that arrives during a commit into the next one, and answers each caller its own', async () => {
  const { begun, commit } = manualCommits();
  const group = new GroupCommit(commit, 100, 1000);
  const first = group.add('a', [1]);
  await turn();
  const others = [group.add('a', [2, 3]), group.add('a', [4])];
  begun[0]?.end();
  await expect(first).resolves.toEqual([10]);
  await turn();
  expect(begun[1]?.items).toEqual([2, 3, 4]);
  begun[1]?.end();
  await expect(Promise.all(others)).resolves.toEqual([[20, 30], [40]]);
});

it('begins the next commit when all answers but those still promised are there, and keeps a key in order meanwhile', async () => {
  const promised = Promise.withResolvers<number>();
  const begun: (readonly number[])[] = [];
  const group = new GroupCommit(
    (items: readonly number[]) => {
      begun.push(items);
      return Promise.resolve(items.map((item) => (item === 1 ? promised.promise : item * 10)));
    },
    100,
    1000,
  );
  const slow = group.add('a', [1]);
  await expect(group.add('b', [2])).resolves.toEqual([20]);
  const behind = group.add('a', [3]);
  await expect(group.add('c', [4])).resolves.toEqual([40]);
  promised.resolve(10);
  await expect(slow).resolves.toEqual([10]);
  await expect(behind).resolves.toEqual([30]);
  expect(begun).toEqual([[1, 2], [4], [3]]);
});

it('waits for every earlier answer of a key, not for the first alone', async () => {
  const promised = Promise.withResolvers<number>();
  const begun: (readonly number[])[] = [];
  const group = new GroupCommit(
    (items: readonly number[]) => {
      begun.push(items);
      return Promise.resolve(items.map((item) => (item === 2 ? promised.promise : item * 10)));
    },
    100,
    1000,
  );
  const all = [group.add('a', [1]), group.add('a', [2])];
  await turn();
  const behind = group.add('a', [3]);
  await turn();
  expect(begun).toEqual([[1, 2]]);
  promised.reject(new Error('connection lost'));
  await expect(all[1]).rejects.toThrow('connection lost');
  await expect(behind).resolves.toEqual([30]);
});

it('bounds a commit, but never cuts one call in two', async () => {
  const { begun, commit } = manualCommits();
  const group = new GroupCommit(commit, 2, 1000);
  const all = [group.add('a', [1, 2, 3]), group.add('a', [4]), group.add('a', [5])];
  await turn();
  begun[0]?.end();
  await turn();
  begun[1]?.end();
  await Promise.all(all);
  expect(begun.map((one) => one.items)).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

it('tells a failed commit to those who were in it alone', async () => {
  const { begun, commit } = manualCommits();
  const group = new GroupCommit(commit, 100, 1000);
  const failing = group.add('a', [1]);
  await turn();
  const next = group.add('a', [2]);
  begun[0]?.end(new Error('disk full'));
  await expect(failing).rejects.toThrow('disk full');
  await turn();
  begun[1]?.end();
  await expect(next).resolves.toEqual([20]);
});

it('refuses what would be too much to hold, and has room again afterwards', async () => {
  const { begun, commit } = manualCommits();
  const group = new GroupCommit(commit, 100, 2);
  const held = group.add('a', [1, 2]);
  await expect(group.add('a', [3])).rejects.toThrow(OverloadedError);
  await turn();
  begun[0]?.end();
  await held;
  const later = group.add('a', [4]);
  await turn();
  begun[1]?.end();
  await expect(later).resolves.toEqual([40]);
});
