import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'guards/**/*.spec.ts',
      'fakes/**/*.spec.ts',
      'journeys/**/*.spec.ts',
      'crash/**/*.spec.ts',
      'api/**/*.spec.ts',
      'ui/**/*.spec.ts',
    ],
    globalSetup: ['stack/postgres-global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each journey starts a product of its own: more than two at a time would only wait for each other.
    maxWorkers: 2,
  },
});
