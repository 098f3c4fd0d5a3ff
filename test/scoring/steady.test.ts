import { expect, test } from 'vitest'
import { steadyState } from '../../collector/scoring/steady.ts'
import { days, judged, model, saw } from './history.ts'

test('one event a day comes to its steady state, and stays there', () => {
  const rules = [{ id: 'view', group: 'web', on: 'page_view', points: 10, halfLifeDays: 7 }]
  const daily = Array.from({ length: 400 }, (_, day) => saw('/', days(day)))
  expect(steadyState(10, 7)).toBeCloseTo(106.07, 2)
  expect(judged(model({ rules }), daily, days(399)).profile.score).toBeCloseTo(steadyState(10, 7), 9)
})

test('negative points settle below nought, and points that never fade do not settle', () => {
  expect(steadyState(-10, 1)).toBe(-20)
  expect(steadyState(10, null)).toBe(Infinity)
})
