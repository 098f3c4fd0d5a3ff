import { expect, test } from 'vitest'
import type { EventRule } from '../../shared/model.ts'
import { days, happened, hours, judged, minutes, model, NOON } from './history.ts'

const rule = (parts: Partial<EventRule>) =>
  model({ rules: [{ id: 'r', group: 'web', on: 'add_to_cart', points: 20, ...parts }] })

const burst = (count: number, type = 'add_to_cart') => Array.from({ length: count }, () => happened(type, NOON))

for (const [name, halfLifeDays, at, points] of [
  ['fresh points are whole', 14, days(0), 20],
  ['half is left after a half-life', 14, days(14), 10],
  ['a quarter after two', 14, days(28), 5],
  ['a day has 24 hours, also when the clocks change', 1, days(30), 20 * 2 ** -30],
  ['an hour counts too', 1, hours(12), 20 * 2 ** -0.5],
  ['a half-life may be shorter than a day', 0.5, days(1), 5],
  ['null never fades', null, days(10_000), 20],
  ['nor does a rule without a half-life', undefined, days(10_000), 20],
] as const)
  test(name, () => {
    const parts = halfLifeDays === undefined ? {} : { halfLifeDays }
    expect(judged(rule(parts), burst(1), at).profile.score).toBeCloseTo(points, 9)
  })

// The figures of scoring.md: 400 raw points at once under a cap of 40, half-life 14 days.
for (const [after, points] of [
  [0, '40.0'],
  [7, '28.3'],
  [14, '20.0'],
  [28, '10.0'],
] as const)
  test(`400 raw points under a saturating cap of 40 read ${points} after ${after} days`, () => {
    const { profile } = judged(rule({ halfLifeDays: 14, cap: 40 }), burst(20), days(after))
    expect(profile.score.toFixed(1)).toBe(points)
  })

test('new points fill up what has faded, and no more', () => {
  const capped = rule({ halfLifeDays: 14, cap: 40 })
  const events = [...burst(3), happened('add_to_cart', days(14)), happened('add_to_cart', days(14))]
  expect(judged(capped, events.slice(0, 4), days(14)).profile.score).toBeCloseTo(40, 9)
  expect(judged(capped, events, days(14)).profile.score).toBe(40)
})

test('a negative cap is a floor, from which the score rises with time', () => {
  const floored = rule({ points: -10, halfLifeDays: 30, cap: -15 })
  expect(judged(floored, burst(5), days(0)).profile.score).toBe(-15)
  expect(judged(floored, burst(5), days(30)).profile.score).toBe(-7.5)
})

test('one event a day settles at p / (1 − 2^(−1/h))', () => {
  const daily = Array.from({ length: 400 }, (_, day) => happened('add_to_cart', days(day)))
  expect(judged(rule({ halfLifeDays: 7 }), daily, days(399)).profile.score).toBeCloseTo(20 / (1 - 2 ** (-1 / 7)), 6)
})

test('rules are clamped by group, groups by the total, and nothing is rounded', () => {
  const limited = model({
    groups: [
      { id: 'web', kind: 'engagement', min: -20, max: 40 },
      { id: 'intent', kind: 'engagement', max: 60 },
      { id: 'fit', kind: 'fit', max: 30 },
    ],
    rules: [
      { id: 'view', group: 'web', on: 'page_view', points: 33.3 },
      { id: 'cart', group: 'intent', on: 'add_to_cart', points: 35 },
      { id: 'career', group: 'web', on: 'careers', points: -50 },
      { id: 'area', group: 'fit', trait: { country: 'NO' }, points: 50 },
    ],
    total: { min: 0, max: 100 },
  })
  const at = (...types: string[]) =>
    judged(
      limited,
      types.map((type, index) => happened(type, minutes(index), { traits: { country: type } })),
      days(1),
    ).profile
  expect(at('page_view').score).toBe(33.3)
  expect(at('page_view', 'page_view').score).toBe(40)
  expect(at('add_to_cart', 'add_to_cart', 'page_view', 'page_view').engagement).toBe(100)
  expect(at('careers')).toMatchObject({ engagement: -20, score: 0 })
  expect(at('NO')).toMatchObject({ fit: 30, engagement: 0, score: 30 })
  expect(at('add_to_cart', 'add_to_cart', 'page_view', 'page_view', 'NO')).toMatchObject({ fit: 30, score: 100 })
})
