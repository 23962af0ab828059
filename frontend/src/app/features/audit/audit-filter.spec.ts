import { describe, expect, it } from 'vitest';
import { exportUrl, filterOf, queryOf } from './audit-filter';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 30);

describe('the filter of the audit log', () => {
  it('takes the address at its word, and unknown words for nothing', () => {
    expect(filterOf({ since: 'week', about: 'mail-server', text: 'pump' })).toEqual({
      since: 'week',
      about: 'mail-server',
      text: 'pump',
    });
    expect(filterOf({ since: 'century', about: 'weather' })).toEqual({ since: 'ever', about: null, text: '' });
  });

  it('asks for what it says and for nothing else', () => {
    expect(queryOf(filterOf({}), NOW)).toEqual({});
    expect(queryOf(filterOf({ since: 'day', about: 'user', text: 'a&b' }), NOW)).toEqual({
      from: Date.UTC(2026, 10, 20, 12, 0, 0),
      entityType: 'user',
      text: 'a&b',
    });
  });

  it('exports what is shown', () => {
    expect(exportUrl(filterOf({ about: 'user', text: 'a&b' }), NOW, 'csv')).toBe(
      '/api/audit/export?entityType=user&text=a%26b&format=csv',
    );
  });
});
