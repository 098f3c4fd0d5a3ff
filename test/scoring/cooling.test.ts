import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import { judge } from '../../collector/scoring/judge.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../shared/instant.ts'
import type { Condition, Model, Rule } from '../../shared/model.ts'
import { anyModel, history } from './arbitrary.ts'
import { days, happened, model, NOON, said } from './history.ts'
import { courseFrom } from './reference.ts'

const good = (points: number, halfLifeDays: number | null = 10): Rule => ({
  id: 'good',
  group: 'web',
  on: 'good',
  points,
  halfLifeDays,
})
const bad = (points: number, halfLifeDays: number): Rule => ({
  id: 'bad',
  group: 'web',
  on: 'bad',
  points,
  halfLifeDays,
})

function cools(rules: Rule[], condition: Condition, parts: Partial<Model> = {}, now: Instant = NOON): Instant | null {
  const events: StoredEvent[] = [happened('good'), happened('bad'), said({ country: 'NO' })]
  const asking = model({ rules, stages: { mql: condition }, ...parts })
  return judge(asking, 1, { stage: 'mql', stageSince: null, fold: null }, events, now)!.profile.coolsAt
}

const atLeast = (gte: number): Condition => ({ score: 'total', gte })
/** After so many days, to the next full minute. */
const after = (n: number) => Math.floor((NOON + n * DAY) / MINUTE) * MINUTE + MINUTE

for (const [name, rules, condition, expected] of [
  ['100 points with a half-life of 10 days are under 50 just after 10 days', [good(100)], atLeast(50), after(10)],
  ['and under 25 just after 20', [good(100)], atLeast(25), after(20)],
  ['never, when the score is not above', [good(100)], atLeast(101), null],
  ['never, when it does not fade', [good(100, null)], atLeast(50), null],
  ['never, when the condition asks for no score', [good(100)], { event: 'good' }, null],
  [
    'nor when the score is what it asks not to be',
    [good(100)],
    { any: [{ event: 'good' }, { not: atLeast(50) }] },
    null,
  ],
  ['the threshold may be deep inside', [good(100)], { all: [{ any: [atLeast(50)] }, { event: 'good' }] }, after(10)],
  [
    'of two thresholds the one that is passed first',
    [good(100)],
    { all: [atLeast(25), { score: 'engagement', gte: 50 }] },
    after(10),
  ],
] as [string, Rule[], Condition, Instant | null][])
  test(name, () => expect(cools(rules, condition)).toBe(expected))

test('a score that first rises falls later', () => {
  const left = (at: Instant) => 80 * 2 ** (-(at - NOON) / DAY / 10) - 40 * 2 ** (-(at - NOON) / DAY / 2)
  const found = cools([good(80), bad(-40, 2)], atLeast(20)) ?? NaN
  expect(left(days(3))).toBeGreaterThan(left(days(0)))
  expect(left(found)).toBeLessThan(20)
  expect(left(found - MINUTE)).toBeGreaterThanOrEqual(20)
})

test('fit keeps a score up', () => {
  const rules: Rule[] = [good(40), { id: 'area', group: 'fit', trait: { country: 'NO' }, points: 30 }]
  expect(cools(rules, atLeast(50))).toBe(after(10))
  expect(cools(rules, atLeast(30))).toBeNull()
})

test('points that fade at one pace fade as one', () => {
  const rules: Rule[] = [good(150), bad(-50, 10)]
  expect(cools(rules, atLeast(50))).toBe(after(10))
})

test('a limit holds a score down for a while, and then it falls below the limit', () => {
  const groups = [{ id: 'web', kind: 'engagement' as const, max: 50 }]
  expect(cools([good(200)], atLeast(50), { groups })).toBe(after(20))
  expect(cools([good(200)], atLeast(100), { total: { max: 100 } })).toBe(after(10))
})

test('the first crossing is found, also when the score comes back over the threshold', () => {
  // Falls fast by the good points, then rises again as the bad ones fade: 60 − 50 + 100, → 35, → 60.
  const rules: Rule[] = [good(60, null), { ...good(100, 1), id: 'quick' }, bad(-50, 20)]
  const found = cools(rules, atLeast(40))!
  expect(found).toBeGreaterThan(days(1))
  expect(found).toBeLessThan(days(3))
})

test('it does not depend on when it is asked', () => {
  const first = cools([good(100), bad(-7, 3)], atLeast(50))
  expect(cools([good(100), bad(-7, 3)], atLeast(50), {}, days(2))).toBe(first)
})

test('a score that lingers on its threshold is answered for early rather than at any cost', () => {
  // 30 + 100·2^(−t/10.001) − 100·2^(−t/10): above 30 by a hair for weeks.
  const rules: Rule[] = [{ ...good(30, null), id: 'base' }, good(100, 10.001), bad(-100, 10)]
  const began = performance.now()
  const found = cools(rules, atLeast(30))
  expect(performance.now() - began).toBeLessThan(250)
  expect(found).toBeGreaterThan(NOON)
})

/** Whatever the model, so that most scores are above nothing and all of them fade. */
const fading = (rules: Model): Model => ({
  ...rules,
  total: {},
  rules: rules.rules.map((rule): Rule => {
    if (!('on' in rule)) return rule
    const { where: _, ...any } = rule
    return { ...any, halfLifeDays: rule.halfLifeDays ?? 3 }
  }),
})

test('is right to the minute for a thousand random persons, against every minute told one after the other', () => {
  const people = fc.sample(
    fc.record({
      rules: anyModel.map(fading),
      events: history.filter(events => events.length > 4),
      score: fc.constantFrom('total' as const, 'engagement' as const),
      share: fc.double({ min: 0.05, max: 0.99, noNaN: true }),
      wait: fc.integer({ min: 0, max: 2 * 24 * 60 }),
    }),
    { numRuns: 2_600, seed: 20_261_101 },
  )
  let cooled = 0
  for (const { rules, events, score, share, wait } of people) {
    const last = Math.max(...events.map(({ at }) => at))
    const course = courseFrom(rules, events, last)
    const now = last + wait * MINUTE
    const gte = course(now)[score] * share
    const asking: Model = { ...rules, labels: [], stages: { mql: { score, gte } } }
    const decided = { decisions: [{ to: 'mql' as const, at: last }], profilingStopped: null }
    const found = explain(asking, 1, events, now, decided).coolsAt
    const isUnder = (at: Instant) => course(at)[score] < gte
    const next = Math.floor(now / MINUTE) * MINUTE + MINUTE
    if (found === null) {
      const later = Array.from({ length: 100 }, (_, i) => next + i * 35 * HOUR)
      if (!isUnder(now)) expect(later.filter(isUnder)).toEqual([])
      continue
    }
    cooled++
    expect(found % MINUTE).toBe(0)
    expect(isUnder(found)).toBe(true)
    // Every minute of the last two hours, and every hour before.
    for (let at = next; at < found; at += at < found - 2 * HOUR ? HOUR : MINUTE)
      if (isUnder(at)) throw new Error(`under ${gte} already at ${at}, not only at ${found}`)
  }
  expect(cooled).toBeGreaterThanOrEqual(1_000)
})
