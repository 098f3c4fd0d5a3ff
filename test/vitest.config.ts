import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most of a test with a browser or a disk is waiting.
    maxWorkers: '100%',
    globalSetup: ['./test/browser/setup.ts'],
  },
})
