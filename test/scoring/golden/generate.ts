import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Model } from '../../../shared/model.ts'
import { answer, labelsOf } from '../reference.ts'
import { INSTANTS, sessions, type Golden } from './sessions.ts'

// Writes expected.json by the reference, never by the engine: `node test/scoring/golden/generate.ts`.

const model = JSON.parse(readFileSync(join(import.meta.dirname, 'model.json'), 'utf8')) as Model
const expected: Record<string, Golden[]> = {}
for (const { session, events } of sessions()) {
  expected[session] = INSTANTS.map(at => {
    const { scores, rules, stage, candidateSince } = answer(model, events, at)
    return {
      score: scores.total,
      rules: Object.fromEntries(rules),
      stage,
      labels: labelsOf(model, events, at),
      candidateSince,
    }
  })
}
writeFileSync(join(import.meta.dirname, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`)
