import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Faults of real processes, one after the other: what they do to each other must not come from somewhere else. */
export default defineConfig({
  test: { ...base.test, include: ['tests/faults/**/*.test.ts'], maxWorkers: 1, testTimeout: 120_000 },
});
