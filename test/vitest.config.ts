import { defaultExclude, defineConfig } from 'vitest/config'
import { PATIENCE } from './patience.ts'

/** In browsers, what a page does and when is its own affair: tests of the script are given the machine to themselves. */
const ALONE = ['test/browser/{engines,sdk}/**/*.test.ts', 'test/browser/cost.test.ts']

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 10 * PATIENCE,
    hookTimeout: 10 * PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
    globalSetup: ['./test/browser/setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'collector',
          include: ['test/**/*.test.ts'],
          exclude: [...defaultExclude, ...ALONE],
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browsers',
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
