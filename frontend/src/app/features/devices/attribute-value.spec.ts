import { describe, expect, it } from 'vitest';
import { attributeValueOf, typedOf } from './attribute-value';

describe('an attribute as a person types it', () => {
  it('is JSON where it is JSON, and a text otherwise', () => {
    const typed = ['21.5', 'true', ' on ', '{"high": 80}', '"21.5"', 'null', ''];
    expect(typed.map(attributeValueOf)).toEqual([21.5, true, 'on', { high: 80 }, '21.5', 'null', '']);
  });

  it('comes back as what it was', () => {
    for (const value of [21.5, false, 'on', '21.5', '"quoted"', ' blank ', { high: 80 }, [1, 2]])
      expect(attributeValueOf(typedOf(value))).toEqual(value);
  });
});
