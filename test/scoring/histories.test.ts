import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import { judge } from '../../collector/scoring/judge.ts'
import { inOrder, type StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import { anyModel, batches, cut, HISTORIES, history, later } from './arbitrary.ts'
import { judged, NOBODY, stored } from './history.ts'
import { answer } from './reference.ts'

// All laws of a score at once, over as many histories as there is time for; law.test.ts has them one by one, to be shrunk.

const EACH = 20

const one = fc.tuple(
  history.chain(events =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
  ),
  batches,
)

function holds(model: Model, events: StoredEvent[], arrivals: StoredEvent[], lengths: number[], now: Instant): void {
  const once = judged(model, events, now)
  const { profile, standing } = once

  const right = answer(model, events, now)
  near(profile.score, right.scores.total)
  same(profile.candidateSince, right.candidateSince)
  if (events.length > 0) same(standing.stage, right.stage)

  same(judged(model, arrivals, now), once)

  let inParts = NOBODY
  const inTime = events.filter(({ mark, provenance }) => mark === null && provenance !== 'weak').toSorted(inOrder)
  for (const part of cut(inTime, lengths)) inParts = stored(judge(model, 1, inParts, part, now)!)
  if (inTime.length > 0) same(inParts, stored(once))

  const { score, residual, rules } = explain(model, 1, events, now)
  same(score, profile.score)
  near(residual, 0)
  for (const { rule, points } of rules) near(points, right.rules.get(rule)!)
}

/** `expect` takes longer than all of scoring: it is asked only to say what is wrong. */
function same(found: unknown, right: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(right)) expect(found).toEqual(right)
}

function near(found: number, right: number): void {
  if (!(Math.abs(found - right) <= 1e-9)) expect(found).toBeCloseTo(right, 9)
}

test(`${HISTORIES} histories: shuffled, repeated, over two browsers, in parts or at once, the same as the reference`, () => {
  let seen = 0
  fc.assert(
    fc.property(anyModel, fc.array(one, { minLength: EACH, maxLength: EACH }), later, (model, histories, now) => {
      for (const [[events, arrivals], lengths] of histories) {
        holds(model, events, arrivals, lengths, now)
        seen++
      }
    }),
    { numRuns: Math.ceil(HISTORIES / EACH), endOnFailure: true },
  )
  expect(seen).toBeGreaterThanOrEqual(HISTORIES)
}, 900_000)
