import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explain } from '../../../collector/scoring/explain.ts'
import { lint } from '../../../collector/scoring/lint.ts'
import { readModel } from '../../../collector/scoring/model.ts'
import { judged } from '../history.ts'
import { DATA, INSTANTS, isThere, sessions, type Golden } from './sessions.ts'

// Expected are the numbers of the reference, see generate.ts: a score that changes by accident shows here.

const read = (file: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))
const expected = read('expected.json') as Record<string, Golden[]>
const model = readModel(read('model.json'))

test('the golden model has nothing to warn of', () => expect(lint(model)).toEqual([]))

if (isThere)
  for (const { session, events } of sessions())
    test(`session ${session}: ${events.length} events, at five instants`, () => {
      INSTANTS.forEach((at, index) => {
        const golden = expected[session]![index]!
        const past = events.filter(event => event.at <= at)
        const { profile, standing } = judged(model, past, at)
        const { labels, candidateSince } = profile
        expect({ stage: standing.stage, labels, candidateSince }).toEqual({
          stage: golden.stage,
          labels: golden.labels,
          candidateSince: golden.candidateSince,
        })
        expect(profile.score).toBeCloseTo(golden.score, 9)
        const explained = explain(model, 1, events, at)
        expect(explained.score).toBeCloseTo(golden.score, 9)
        const points = new Map(explained.rules.map(rule => [rule.rule, rule.points]))
        for (const [rule, worth] of Object.entries(golden.rules)) expect(points.get(rule) ?? 0).toBeCloseTo(worth, 9)
      })
    })
else {
  console.warn(`\nSKIPPED: the golden scores of real sessions. Their data is not there: ${DATA}\n`)
  test.skip('golden scores of 20 real sessions: THE DATA IS NOT THERE', () => {})
}
