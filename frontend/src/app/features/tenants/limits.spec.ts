import { expect, it } from 'vitest';
import { limitsForm } from './limits';

/** As zod writes a schema that has a name. */
const SCHEMA = {
  $ref: '#/$defs/TenantLimits',
  $defs: {
    TenantLimits: {
      type: 'object',
      properties: {
        mayUseSystemMail: { type: 'boolean', default: false },
        maxWaitingMails: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
        maxUsers: { anyOf: [{ type: 'integer', minimum: 1, maximum: 50 }, { type: 'null' }], default: null },
      },
    },
  },
};

it('takes bounds and defaults from the schema, and knows which limit may be none', () => {
  expect(limitsForm(SCHEMA)).toEqual({
    numbers: [
      { name: 'maxWaitingMails', least: 1, most: 500, optional: false },
      { name: 'maxUsers', least: 1, most: 50, optional: true },
    ],
    usual: { mayUseSystemMail: false, maxWaitingMails: 100, maxUsers: null },
  });
});
