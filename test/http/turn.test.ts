import { expect, test } from 'vitest'
import { turnAway, wait } from '../../collector/http/turn.ts'

test('of 400 who sent too much, not all are told at once', async () => {
  const started = performance.now()
  const all = await Promise.all(
    Array.from({ length: 400 }, async () => {
      await turnAway()
      return performance.now() - started
    }),
  )
  expect(Math.min(...all)).toBeLessThan(Math.max(...all))
  expect(Math.max(...all)).toBeGreaterThan(90)
})

test('whoever has not sent too much is not kept waiting', () => {
  expect(wait(0)).toBeUndefined()
})
