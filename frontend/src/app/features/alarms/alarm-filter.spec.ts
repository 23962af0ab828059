import { expect, it } from 'vitest';
import { filterOf, queryOf } from './alarm-filter';

it('reads the filter from the address', () => {
  expect(filterOf('cleared', 'MAJOR')).toEqual({ status: 'cleared', severity: 'MAJOR' });
});

it.each([
  [undefined, undefined],
  ['nonsense', 'HIGH'],
])('takes the default for %s and %s', (status, severity) => {
  expect(filterOf(status, severity)).toEqual({ status: 'active', severity: 'any' });
});

it('asks for muted alarms among the active ones', () => {
  expect(queryOf(filterOf('muted', 'MAJOR'))).toEqual({ status: 'active', muted: 'true', severity: 'MAJOR' });
  expect(queryOf(filterOf('cleared', undefined))).toEqual({ status: 'cleared' });
});
