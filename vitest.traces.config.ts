import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Traces of real processes, read back from a real collector. */
export default defineConfig({
  test: { ...base.test, include: ['tests/traces/**/*.test.ts'], maxWorkers: 1, testTimeout: 120_000 },
});
