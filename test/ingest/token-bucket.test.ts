import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenBuckets, type TokenBuckets } from '../../collector/ingest/token-bucket.ts'
import { HOUR, MINUTE, SECOND } from '../../shared/instant.ts'

const NOON = 1_764_000_000_000
/** Six a minute: sixty in a full bucket, one more every ten seconds. */
const buckets = (slots = 2 ** 16, seed = 1) => tokenBuckets({ perMinute: 6, slots, seed })

/** How many of so many single tokens were to be had, one every `pause` milliseconds. */
function taken({ wait, take }: TokenBuckets, key: string, tries: number, pause = 0, from = NOON): number {
  let count = 0
  for (let n = 0; n < tries; n++) {
    if (wait(key, from + n * pause) > 0) continue
    take(key, 1, from + n * pause)
    count++
  }
  return count
}

test('a full bucket holds what comes in within ten minutes', () => {
  expect(taken(buckets(), 'ada', 1_000)).toBe(60)
})

test('and then gives what comes in', () => {
  const full = buckets()
  taken(full, 'ada', 60)
  expect(full.wait('ada', NOON)).toBe(10 * SECOND)
  expect(full.wait('ada', NOON + 4 * SECOND)).toBe(6 * SECOND)
  expect(taken(full, 'ada', 600, SECOND, NOON + SECOND)).toBe(60)
  expect(taken(full, 'ada', 1_000, 0, NOON + HOUR)).toBe(60)
})

test('a bucket that is not empty gives any number, and owes at most another bucketful', () => {
  const owing = buckets()
  owing.take('ada', 500, NOON)
  expect(owing.wait('ada', NOON)).toBe(10 * MINUTE + 10 * SECOND)
  expect(owing.wait('ada', NOON + 11 * MINUTE)).toBe(0)
})

test('nobody is turned away for another’s sake', () => {
  const shared = buckets()
  for (let n = 0; n < 20; n++) shared.take(`flood ${n}`, 500, NOON)
  for (let n = 0; n < 1_000; n++) expect(shared.wait(`visitor ${n}`, NOON)).toBe(0)
})

test('even of slots that are nearly all taken, few are shared twice', () => {
  const small = buckets(1_000)
  for (let n = 0; n < 100; n++) small.take(`flood ${n}`, 500, NOON)
  const turnedAway = Array.from({ length: 10_000 }, (_, n) => small.wait(`visitor ${n}`, NOON)).filter(wait => wait > 0)
  expect(turnedAway.length / 10_000).toBeLessThan(0.02) // (1 − e^(−100/1000))² = 0.9 %
})

test('no limit is no limit', () => {
  expect(taken(tokenBuckets({ perMinute: 0, slots: 1, seed: 1 }), 'ada', 10_000)).toBe(10_000)
})

test('a clock that is set back locks nobody out', () => {
  const ahead = buckets()
  taken(ahead, 'ada', 100, 0, NOON + 24 * HOUR)
  expect(ahead.wait('ada', NOON)).toBe(0)
  expect(taken(ahead, 'ada', 100)).toBe(60)
})

test('over any time, nobody takes more than a bucketful and what came in', () => {
  const steps = fc.array(
    fc.record({ pause: fc.integer({ min: 0, max: 60_000 }), tokens: fc.integer({ min: 1, max: 20 }) }),
  )
  fc.assert(
    fc.property(steps, fc.integer(), (given, seed) => {
      const { wait, take } = buckets(16, seed >>> 0)
      let now = NOON
      let total = 0
      for (const { pause, tokens } of given) {
        now += pause
        if (wait('ada', now) > 0) continue
        take('ada', tokens, now)
        total += tokens
      }
      expect(total).toBeLessThanOrEqual(60 + (now - NOON) / (10 * SECOND) + 19)
    }),
  )
})
