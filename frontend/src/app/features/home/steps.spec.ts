import { expect, it } from 'vitest';
import { type Facts, stepsOf } from './steps';

const FINE: Facts = {
  devices: true,
  rootChain: true,
  brokenChain: false,
  deadLetters: false,
  mailServer: true,
  refusedMails: false,
};

function names(...args: Parameters<typeof stepsOf>): readonly string[] {
  return stepsOf(...args).map(({ name }) => name);
}

it('leads a new tenant from device to rule chain', () => {
  expect(names('tenant-administrator', { ...FINE, devices: false, rootChain: false })).toEqual([
    'devices',
    'rootChain',
    'watchAlarms',
    'apiToken',
  ]);
});

it('puts what went wrong before everything else', () => {
  const steps = stepsOf('tenant-administrator', { ...FINE, devices: false, refusedMails: true, deadLetters: true });
  expect(steps.slice(0, 3).map(({ name, urgent }) => [name, urgent])).toEqual([
    ['refusedMails', true],
    ['deadLetters', true],
    ['devices', false],
  ]);
});

it('never sends an operator to what only an administrator may change', () => {
  expect(names('tenant-operator', { ...FINE, devices: false, rootChain: false })).toEqual(['watchAlarms', 'apiToken']);
});
