import { array, assert, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import type { EventPoints, Explanation } from '../../shared/score.ts'

interface Line {
  kind: string
  name: string
  thousandths: number
  events: { thousandths: number }[]
}
const module = new URL('../../collector/demo/public/panel/account.js', import.meta.url).href
const {
  account,
  decimals,
}: {
  account: (explanation: Explanation) => { lines: Line[]; total: number }
  decimals: (thousandths: number) => string
} = await import(module)

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
const event = (points: number, i: number): EventPoints => ({
  id: `e${i}`,
  type: 'page_view',
  at: 0,
  raw: points,
  capped: 0,
  points,
  multiplier: 1,
})

const explained = (rules: number[][], fit: number[], clamps: number[]): Explanation => {
  return {
    score: sum([...rules.flat(), ...fit, ...clamps]),
    engagement: 0,
    fit: 0,
    grade: 'B2',
    model: 1,
    at: 0,
    rules: [
      ...rules.map((events, i) => ({
        rule: `r${i}`,
        group: 'web',
        points: sum(events),
        matched: events.length,
        admitted: events.length,
        events: events.map(event),
      })),
      ...fit.map((points, i) => ({ rule: `f${i}`, group: 'fit', points, matched: 0, admitted: 0, events: [] })),
    ],
    clamps: clamps.map((points, i) => ({ scope: 'group' as const, id: `g${i}`, before: 0, after: points, points })),
    residual: 0,
    missing: null,
    coolsAt: null,
  }
}

const points = double({ min: -100, max: 100, noNaN: true })

test('what is shown adds up to the score to the last digit shown', () => {
  assert(
    property(
      array(array(points, { maxLength: 9 }), { maxLength: 9 }),
      array(points, { maxLength: 4 }),
      array(points, { maxLength: 4 }),
      (rules, fit, clamps) => {
        const explanation = explained(rules, fit, clamps)
        const { lines, total } = account(explanation)
        expect(sum(lines.map(line => line.thousandths))).toBe(total)
        expect(Math.abs(total / 1000 - explanation.score)).toBeLessThan(0.000_500_1)
        for (const line of lines.filter(({ events }) => events.length > 0))
          expect(Math.abs(sum(line.events.map(({ thousandths }) => thousandths)) - line.thousandths)).toBeLessThan(1)
      },
    ),
  )
})

test('no line is off by more than a thousandth', () => {
  assert(
    property(array(points, { maxLength: 20 }), fit => {
      for (const { name, thousandths } of account(explained([], fit, [])).lines)
        expect(Math.abs(thousandths / 1000 - fit[Number(name.slice(1))]!)).toBeLessThanOrEqual(0.001_000_1)
    }),
  )
})

test('the largest rule comes first, limits after the rules', () => {
  expect(account(explained([[1, 2], [10]], [5], [-4])).lines.map(({ name }) => name)).toEqual([
    'r1',
    'f0',
    'r0',
    'limit of g0',
  ])
})

test('minus is written as minus', () => {
  expect([decimals(12_340), decimals(-5), decimals(0)]).toEqual(['12.340', '−0.005', '0.000'])
})
