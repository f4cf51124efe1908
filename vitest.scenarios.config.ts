import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Scenarios take minutes and the whole machine: one after the other, by a command of their own. */
export default defineConfig({
  test: {
    ...base.test,
    include: ['tests/scenarios/**/*.test.ts', 'tests/integration/**/*.slow.test.ts'],
    exclude: ['**/node_modules/**'],
    maxWorkers: 1,
  },
});
