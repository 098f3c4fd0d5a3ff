import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auc, gains } from '../../collector/reports/auc.ts'
import { pairwise } from './pairwise.ts'

describe('AUC and gains', () => {
  const scored = fc.array(fc.record({ score: fc.integer({ min: -3, max: 3 }), won: fc.boolean() }), { maxLength: 40 })

  test('AUC is the share of pairs that are the right way round, ties counting half', () =>
    fc.assert(
      fc.property(scored, people => {
        expect(auc(people)).toBe(pairwise(people))
      }),
    ))

  test('every win is in one tenth, whatever the order of those who tie', () =>
    fc.assert(
      fc.property(scored, people => {
        const found = gains(people)
        const won = people.filter(person => person.won).length
        expect(gains(people.toReversed())).toEqual(found)
        if (won === 0) {
          expect(found).toEqual([])
          return
        }
        expect(found.reduce((sum, gain) => sum + gain.won, 0)).toBeCloseTo(won, 9)
        expect(found.at(-1)!.wonSoFar).toBeCloseTo(1, 9)
      }),
    ))
})
