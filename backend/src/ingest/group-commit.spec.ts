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
  const group = new GroupCommit(commit, 1, 100, 1000);
  const first = group.add(0, [1]);
  await turn();
  const others = [group.add(0, [2, 3]), group.add(0, [4])];
  begun[0]?.end();
  await expect(first).resolves.toEqual([10]);
  await turn();
  expect(begun[1]?.items).toEqual([2, 3, 4]);
  begun[1]?.end();
  await expect(Promise.all(others)).resolves.toEqual([[20, 30], [40]]);
});

it('lets lanes commit side by side and keeps one key in one lane', async () => {
  const { begun, commit } = manualCommits();
  const group = new GroupCommit(commit, 2, 100, 1000);
  const all = [group.add(0, [1]), group.add(1, [2]), group.add(2, [3])];
  await turn();
  expect(begun.map((one) => one.items)).toEqual([[1, 3], [2]]);
  for (const one of begun) one.end();
  await Promise.all(all);
});

it('bounds a commit, but never cuts one call in two', async () => {
  const { begun, commit } = manualCommits();
  const group = new GroupCommit(commit, 1, 2, 1000);
  const all = [group.add(0, [1, 2, 3]), group.add(0, [4]), group.add(0, [5])];
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
  const group = new GroupCommit(commit, 1, 100, 1000);
  const failing = group.add(0, [1]);
  await turn();
  const next = group.add(0, [2]);
  begun[0]?.end(new Error('disk full'));
  await expect(failing).rejects.toThrow('disk full');
  await turn();
  begun[1]?.end();
  await expect(next).resolves.toEqual([20]);
});

it('refuses what would be too much to hold, and has room again afterwards', async () => {
  const { begun, commit } = manualCommits();
  const group = new GroupCommit(commit, 1, 100, 2);
  const held = group.add(0, [1, 2]);
  await expect(group.add(0, [3])).rejects.toThrow(OverloadedError);
  await turn();
  begun[0]?.end();
  await held;
  const later = group.add(0, [4]);
  await turn();
  begun[1]?.end();
  await expect(later).resolves.toEqual([40]);
});
