import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import { judge } from '../../collector/scoring/judge.ts'
import { readModel } from '../../collector/scoring/model.ts'
import { inOrder, type StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import type { Standing, Verdict } from '../../shared/person.ts'
import { STAGES, type Transition } from '../../shared/stage.ts'
import { anyModel, batches, cut, history, instant, later, RUNS } from './arbitrary.ts'
import { judged, NOBODY, stored } from './history.ts'
import { answer } from './reference.ts'

// The laws of scoring.md, for any model and any history. A failure is shrunk to a small one and printed.

const law = (name: string, property: fc.IProperty<unknown[]>): void =>
  test(name, () => fc.assert(property as fc.IProperty<unknown>, { numRuns: RUNS }), 600_000)

/** What a store does: hand over what is new and, when that is refused, the whole history. */
function record(model: Model, standing: Standing, all: StoredEvent[], news: StoredEvent[], now: Instant): Verdict {
  const verdict = judge(model, 1, standing, news, now) ?? judge(model, 1, { ...standing, fold: null }, all, now)
  if (!verdict) throw new Error('A whole history was refused.')
  return verdict
}

/** Hands a history over in batches; what it came to, and the steps taken on the way. */
function inBatches(model: Model, parts: StoredEvent[][], now: Instant): Verdict {
  let standing = NOBODY
  let verdict = judge(model, 1, standing, [], now)!
  const all: StoredEvent[] = []
  const transitions: Transition[] = []
  for (const part of parts) {
    all.push(...part)
    verdict = record(model, standing, all, part, now)
    transitions.push(...verdict.transitions)
    standing = stored(verdict)
  }
  return { ...verdict, transitions }
}

law(
  'a model of any kind passes the door unchanged',
  fc.property(anyModel, model => {
    expect(readModel(model)).toEqual(model)
  }),
)

law(
  'the verdict on a whole history is what the reference says',
  fc.property(anyModel, history, later, (model, events, now) => {
    fc.pre(events.length > 0)
    const { profile, standing, transitions } = judged(model, events, now)
    const right = answer(model, events, now)
    expect(profile.score).toBeCloseTo(right.scores.total, 9)
    expect(profile.engagement).toBeCloseTo(right.scores.engagement, 9)
    expect(profile.fit).toBeCloseTo(right.scores.fit, 9)
    expect(Object.entries(profile.traits).map(([name, { value }]) => [name, value])).toEqual([...right.traits])
    const { visits, engagedMs, firstTouch, lastTouch, firstSeen, lastSeen } = profile
    const { scores: _scores, rules: _rules, traits: _traits, stage, steps, ...facts } = right
    const { candidateSince } = profile
    expect({ visits, engagedMs, firstTouch, lastTouch, firstSeen, lastSeen, candidateSince }).toEqual(facts)
    expect(standing.stage).toBe(stage)
    expect(transitions.map(({ from, to, effectiveAt, event }) => ({ from, to, effectiveAt, event }))).toEqual(
      steps.map(({ from, to, effectiveAt, event }) => ({ from, to, effectiveAt, event })),
    )
    transitions.forEach(({ score }, index) => expect(score).toBeCloseTo(steps[index]!.score, 9))
  }),
)

law(
  'somebody recycled goes the way that the reference says, in parts or at once',
  fc.property(anyModel, history, instant, batches, later, (model, events, recycledAt, lengths, now) => {
    const inTime = events.filter(({ mark, provenance }) => mark === null && provenance !== 'weak').toSorted(inOrder)
    const recycled: Standing = { stage: 'recycled', stageSince: recycledAt, fold: null }
    const right = answer(model, events, now, recycledAt)
    let standing = recycled
    for (const part of cut(inTime, lengths)) standing = stored(judge(model, 1, standing, part, now)!)
    fc.pre(inTime.length > 0)
    const once = judge(model, 1, recycled, events, now)!
    expect(standing).toEqual(stored(once))
    expect(standing.stage).toBe(right.stage)
    expect(once.profile.candidateSince).toBe(right.candidateSince)
    expect(once.profile.score).toBeCloseTo(right.scores.total, 9)
    expect(once.transitions.map(({ to, event }) => [to, event])).toEqual(
      right.steps.map(({ to, event }) => [to, event]),
    )
    once.transitions.forEach(({ score }, index) => expect(score).toBeCloseTo(right.steps[index]!.score, 9))
  }),
)

law(
  'folding in parts equals folding at once, to the last bit, stages included',
  fc.property(anyModel, history, batches, later, (model, events, lengths, now) => {
    const inTime = events.filter(({ mark, provenance }) => mark === null && provenance !== 'weak').toSorted(inOrder)
    fc.pre(inTime.length > 0)
    const parts = cut(inTime, lengths)
    let standing = NOBODY
    const transitions: Transition[] = []
    for (const part of parts) {
      const verdict = judge(model, 1, standing, part, now)
      expect(verdict).not.toBeNull()
      transitions.push(...verdict!.transitions)
      standing = stored(verdict!)
    }
    const once = judged(model, inTime, now)
    expect(standing).toEqual(stored(once))
    expect(transitions).toEqual(once.transitions)
    const { profile } = judge(model, 1, { ...standing, stage: once.standing.stage }, parts.at(-1)!.slice(-1), now)!
    expect(profile).toEqual(once.profile)
  }),
)

law(
  'the order of arrival, repetitions and batches never matter',
  fc.property(
    anyModel,
    history.chain(events =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
    ),
    batches,
    later,
    (model, [events, arrivals], lengths, now) => {
      const verdict = inBatches(model, cut(arrivals, lengths), now)
      const once = judged(model, events, now)
      const { coolsAt: _, flipsAt: _f, ...facts } = verdict.profile
      const { coolsAt: __, flipsAt: __f, ...same } = once.profile
      expect(facts).toEqual(same)
      expect(stored(verdict).fold).toEqual(stored(once).fold)
      // Stages only go forward: an early hand-over may have reached one that the whole history would not have. Conditions
      // that ask for a stage can then go either way.
      if (JSON.stringify(model.stages).includes('"stage"')) return
      expect(STAGES.indexOf(verdict.standing.stage)).toBeGreaterThanOrEqual(STAGES.indexOf(once.standing.stage))
    },
  ),
)

law(
  'an explanation adds up to the score of the judge, and says the same about cooling',
  fc.property(anyModel, history, later, (model, events, now) => {
    const explained = explain(model, 1, events, now)
    const verdict = judged(model, events, now)
    const refreshed = judge(model, 1, stored(verdict), [], now)!
    expect(explained.score).toBe(verdict.profile.score)
    expect(explained.grade).toBe(verdict.profile.grade)
    expect(explained.coolsAt).toBe(refreshed.profile.coolsAt)
    addsUp(explained)
  }),
)

law(
  'at any instant, past or future, an explanation is what the reference says',
  fc.property(anyModel, history, fc.oneof(instant, later), (model, events, at) => {
    const explained = explain(model, 1, events, at)
    const right = answer(model, events, at)
    expect(explained.score).toBeCloseTo(right.scores.total, 9)
    addsUp(explained)
    const points = new Map(explained.rules.map(rule => [rule.rule, rule.points]))
    for (const [rule, worth] of right.rules) expect(points.get(rule) ?? 0).toBeCloseTo(worth, 9)
  }),
)

function addsUp({ score, residual, rules, clamps }: ReturnType<typeof explain>): void {
  const sum = (parts: { points: number }[]) => parts.reduce((total, { points }) => total + points, 0)
  expect(Math.abs(residual)).toBeLessThanOrEqual(1e-9)
  expect(Math.abs(score - sum(rules) - sum(clamps))).toBeLessThanOrEqual(1e-9)
  for (const rule of rules) {
    if (rule.events.length > 0) expect(Math.abs(rule.points - sum(rule.events))).toBeLessThanOrEqual(1e-9)
    for (const { raw, capped, multiplier, points, reversed } of rule.events)
      expect(points).toBeCloseTo(reversed ? 0 : (raw + capped) * multiplier, 9)
  }
}
