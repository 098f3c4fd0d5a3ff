import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import { trend } from '../../collector/scoring/trend.ts'
import { anyModel, history, instant, later } from './arbitrary.ts'
import { days, model, saw } from './history.ts'

test('a trend is what an explanation finds at each of its instants', () => {
  const instants = fc.array(fc.oneof(instant, later), { maxLength: 8 })
  fc.assert(
    fc.property(anyModel, history, instants, (any, events, given) => {
      const at = given.toSorted((a, b) => a - b)
      expect(trend(any, 1, events, at)).toEqual(at.map(then => explain(any, 1, events, then).score))
    }),
    { numRuns: 200 },
  )
})

test('there is none from the moment that profiling is stopped', () => {
  const shop = model({ rules: [{ id: 'visit', group: 'web', on: 'page_view', points: 10 }] })
  const stopped = { at: days(2), reason: 'objection' as const }
  expect(trend(shop, 1, [saw('/')], [days(1), days(2), days(3)], stopped)).toEqual([10, null, null])
})
