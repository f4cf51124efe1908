import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** They make the image, which takes a while. */
export default defineConfig({
  test: {
    ...base.test,
    include: ['tests/image/**/*.test.ts'],
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
