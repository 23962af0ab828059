import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Specs are outside of tsconfig.json, so its decorators are said here again.
  oxc: { decorator: { legacy: true } },
  test: {
    include: ['src/**/*.spec.ts', 'contracts/src/**/*.spec.ts'],
    globalSetup: ['../test/stack/postgres-global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
