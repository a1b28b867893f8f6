import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/pages/**/*.test.ts'],
    globalSetup: ['tests/pages/serve.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    maxConcurrency: 3,
  },
});
