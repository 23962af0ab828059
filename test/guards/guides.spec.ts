import { expect, it } from 'vitest';

import { MAIL_PROVIDERS } from '../../backend/dist/mail/providers/catalogue.js';
import { sourceFiles } from './source-files.js';

it('has the setup guides of the mail providers in what is built, as they are written', () => {
  const written = sourceFiles('guide.md').map(({ path, text }) => [path.split('/').at(-2) ?? '', text.trim()] as const);
  const built = MAIL_PROVIDERS.map(({ id, guide }) => [id, guide.trim()] as const);
  expect(Object.fromEntries(built)).toEqual(Object.fromEntries(written));
});
