import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import type { Standing } from '../../shared/person.ts'
import { anyModel, history, later, RUNS } from './arbitrary.ts'
import { judged, NOBODY, stored } from './history.ts'
import { courseFrom, labelsOf } from './reference.ts'

// What time alone does, for any model and any history, held against a reference that looks at every single minute.

const PERSONS = 1_000
const LOOKED_AT = 45 * DAY
const STEP = 3 * HOUR

/** The first minute after `now` at which a score is under the threshold, if one of the steps shows it: looked for by halves. */
function coolsBy(score: (at: Instant) => number, gte: number, now: Instant): Instant | null {
  for (let from = now; from < now + LOOKED_AT; from += STEP) {
    if (score(from + STEP) >= gte) continue
    let [warm, cool] = [Math.floor(from / MINUTE), Math.ceil((from + STEP) / MINUTE)]
    while (cool - warm > 1) {
      const middle = Math.floor((warm + cool) / 2)
      if (score(middle * MINUTE) >= gte) warm = middle
      else cool = middle
    }
    return cool * MINUTE
  }
  return null
}

test(`coolsAt is right to the minute for ${PERSONS} random persons`, () => {
  const person = fc.tuple(anyModel, history, later, fc.integer({ min: 5, max: 95 }))
  fc.assert(
    fc.property(person, ([model, events, now, percent]) => {
      const score = courseFrom(model, events, now)
      // Not quite a hundredth, or else the last bit decides who crosses exactly on a minute.
      const gte = (score(now).total * (percent + 0.001)) / 100
      fc.pre(score(now).total > 1)
      const asking: Model = { ...model, stages: { mql: { score: 'total', gte } } }
      const standing: Standing = { stage: 'mql', stageSince: now, fold: null }
      const { coolsAt } = judge(asking, 1, standing, events, now)!.profile
      const total = (at: Instant) => score(at).total
      const right = coolsBy(total, gte, now)
      if (coolsAt !== null && (right === null || coolsAt < right)) {
        // A dip too short for the steps of the reference, or a later one: it must be one all the same.
        expect(total(coolsAt)).toBeLessThan(gte + 1e-9)
        expect(total(coolsAt - MINUTE)).toBeGreaterThanOrEqual(gte - 1e-9)
      } else expect(coolsAt).toBe(right)
      fc.pre(right !== null)
    }),
    { numRuns: PERSONS },
  )
})

test('labels are those of somebody who looks after every event and on every full minute', () => {
  let borne = 0
  const soon = fc.integer({ min: 0, max: 8 * 24 * 60 }).map(n => n * MINUTE)
  fc.assert(
    fc.property(anyModel, history, soon, (model, events, after) => {
      fc.pre(model.labels.length > 0 && events.length > 0)
      const now = Math.max(...events.map(({ at }) => at)) + after
      const { labels, flipsAt } = judged(model, events, now).profile
      const right = labelsOf(model, events, now)
      expect(labels).toEqual(right)
      if (right.length > 0 && flipsAt !== null) borne++
    }),
    { numRuns: Math.min(RUNS, 150) },
  )
  expect(borne).toBeGreaterThan(0)
})

test('until flipsAt, time alone changes neither label nor stage', () => {
  let flipped = 0
  const sample = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
  const stages = fc.constantFrom<Standing[]>(NOBODY, { stage: 'recycled', stageSince: 0, fold: null })
  fc.assert(
    fc.property(anyModel, history, later, stages, sample, (model, events, now, standing, shares) => {
      fc.pre(events.length > 0)
      const before = judge(model, 1, stored(judge(model, 1, standing, events, now)!), [], now)!
      const { flipsAt, labels } = before.profile
      const until = flipsAt ?? now + 400 * DAY
      const instants = shares.map(share => now + Math.floor((until - 1 - now) * share ** 4))
      for (const at of [...instants, until - 1]) {
        const seen = judge(model, 1, stored(before), [], at)!
        expect(seen.transitions).toEqual([])
        expect(seen.profile.labels).toEqual(labels)
        expect(seen.profile.flipsAt).toBe(flipsAt)
      }
      if (flipsAt === null) return
      expect(flipsAt).toBeGreaterThan(now)
      const then = judge(model, 1, stored(before), [], flipsAt)!
      if (then.transitions.length > 0 || String(then.profile.labels) !== String(labels)) flipped++
    }),
    { numRuns: Math.min(RUNS, 2_000) },
  )
  expect(flipped).toBeGreaterThan(0)
})
