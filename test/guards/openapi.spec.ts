import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { OPENAPI_FILE, openApiText } from '../../backend/dist/cli/write-openapi.js';

it('has the HTTP API written down as it is ("npm run signalpost -- openapi" writes it anew)', async () => {
  expect(readFileSync(OPENAPI_FILE, 'utf8')).toBe(await openApiText());
});
