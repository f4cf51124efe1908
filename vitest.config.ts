import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{architecture,integration,migrations,observability,unit}/**/*.test.ts'],
    // They are part of `npm run test:scenarios`: this run is to stay under six minutes.
    exclude: ['**/node_modules/**', '**/*.slow.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    setupFiles: ['tests/support/seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
