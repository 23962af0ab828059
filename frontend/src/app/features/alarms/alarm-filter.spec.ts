import { expect, it } from 'vitest';
import { filterOf } from './alarm-filter';

it('reads the filter from the address', () => {
  expect(filterOf('cleared', 'MAJOR')).toEqual({ status: 'cleared', severity: 'MAJOR' });
});

it.each([
  [undefined, undefined],
  ['nonsense', 'HIGH'],
])('takes the default for %s and %s', (status, severity) => {
  expect(filterOf(status, severity)).toEqual({ status: 'active', severity: 'any' });
});
