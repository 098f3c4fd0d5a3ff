import { expect, test } from 'vitest'
import { attainable, grade } from '../../collector/scoring/grade.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import { model } from './history.ts'

for (const [fit, engagement, expected] of [
  [40, 80, 'A1'],
  [30, 60, 'A1'],
  [29.9, 59.9, 'B2'],
  [20, 40, 'B2'],
  [19.9, 39.9, 'C3'],
  [10, 20, 'C3'],
  [9.9, 19.9, 'D4'],
  [-10, -10, 'D4'],
  [40, 0, 'A4'],
] as const)
  test(`fit ${fit} of 40 by engagement ${engagement} of 80 is ${expected}`, () =>
    expect(grade({ fit, engagement }, { fit: 40, engagement: 80 })).toBe(expected))

test('where a model gives nothing for a kind, nobody is better than D or 4', () => {
  expect(grade({ fit: 0, engagement: 10 }, { fit: 0, engagement: 10 })).toBe('D1')
})

test('the most that a model can give: caps, else one event each, within every limit', () => {
  const given = model({
    groups: [
      { id: 'web', kind: 'engagement', max: 25 },
      { id: 'intent', kind: 'engagement' },
      { id: 'fit', kind: 'fit' },
    ],
    rules: [
      { id: 'a', group: 'web', on: 'a', points: 10, cap: 20 },
      { id: 'b', group: 'web', on: 'b', points: 10 },
      { id: 'c', group: 'intent', on: 'c', points: { per: 1, of: 'value', points: 1, max: 5 } },
      { id: 'd', group: 'intent', on: 'd', points: -50, cap: -50 },
      { id: 'e', group: 'fit', trait: { country: 'NO' }, points: 30 },
    ],
  })
  expect(attainable(given)).toEqual({ engagement: 30, fit: 30 })
  expect(attainable({ ...given, total: { max: 20 } })).toEqual({ engagement: 20, fit: 20 })
  expect(attainable(STARTERS.shop)).toEqual({ engagement: 100, fit: 10 })
})
