import { expect, it } from 'vitest';

import { deriveId } from './derive-id.js';

const MESSAGE = 'a2d5b0a4-5f8c-4a6e-9b0e-0d8f1c2b3a41';
const NODE = 'b7c1e8f0-1234-4cde-8f00-aa11bb22cc33';

it('derives what every version before derived, or a message that is run again after an update would do everything twice', () => {
  expect(deriveId(MESSAGE, NODE, 'Success', 0)).toBe('2ed1aeb9-c53c-5f09-bb23-ab64d09514fb');
  expect(deriveId(MESSAGE, NODE, 'Überhitzt 🔥', 1)).toBe('6f52acdc-1f85-529a-8f42-a7d362ed75eb');
});

it('derives another id for each part that differs', () => {
  const ids = [
    deriveId(MESSAGE, NODE, 'Success', 0),
    deriveId(NODE, NODE, 'Success', 0),
    deriveId(MESSAGE, MESSAGE, 'Success', 0),
    deriveId(MESSAGE, NODE, 'Failure', 0),
    deriveId(MESSAGE, NODE, 'Success', 1),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

it('takes an output whose name is no well-formed text', () => {
  expect(deriveId(MESSAGE, NODE, 'half a sign \ud83d', 0)).toMatch(/^[0-9a-f-]{36}$/);
});
