import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Specs are outside of tsconfig.json, so its decorators are said here again.
  oxc: { decorator: { legacy: true } },
  test: {
    include: ['src/**/*.spec.ts', 'contracts/src/**/*.spec.ts'],
    globalSetup: ['../test/stack/postgres-global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Half of the time would go into loading the same modules for each file; what files share, like the environment, they put back.
    isolate: false,
    // Of two cores Vitest would use one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
