import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import { judge } from '../../collector/scoring/judge.ts'
import type { Decision } from '../../shared/stage.ts'
import { days, happened, hours, model, NOBODY } from './history.ts'

const FADING = model({
  rules: [{ id: 'cart', group: 'web', on: 'add_to_cart', points: 30, halfLifeDays: 10 }],
  stages: { lead: { event: 'add_to_cart' }, mql: { score: 'total', gte: 50 } },
})
const cart = (at: number) => happened('add_to_cart', at)
const explained = (at: number, events: number[], decisions: Decision[] = []) =>
  explain(FADING, 1, events.map(cart), at, { decisions, profilingStopped: null })

const RECYCLED: Decision = { to: 'recycled', at: days(1) }

test('what somebody recycled is missing counts from the recycling on', () => {
  const twice = [days(0), hours(1)]
  expect(explained(hours(2), twice, [RECYCLED]).missing).toBeNull()
  expect(explained(days(1), twice, [RECYCLED])).toMatchObject({
    missing: { stage: 'mql', needs: ['50 more points'] },
    coolsAt: null,
  })
  const { missing, score } = explained(days(2), [...twice, days(2)], [RECYCLED])
  expect(missing).toEqual({ stage: 'mql', needs: ['20 more points'] })
  expect(score).toBeGreaterThan(80)
})

test('an MQL again cools by what has happened since the recycling', () => {
  const before = [days(0), hours(1)]
  const since = [days(2), days(2)]
  const alone = explained(days(2), since).coolsAt
  expect(explained(days(2), [...before, ...since], [RECYCLED]).coolsAt).toBe(alone)
  const standing = { ...NOBODY, recycledAt: RECYCLED.at }
  const verdict = judge(FADING, 1, standing, [...before, ...since].map(cart), days(2))
  expect(verdict?.standing.stage).toBe('mql')
  expect(verdict?.profile.coolsAt).toBe(alone)
})

test('whom sales holds, or has put out, nothing is missing and nothing cools', () => {
  for (const to of ['sql', 'opportunity', 'customer', 'disqualified'] as const) {
    const { missing, coolsAt } = explained(days(3), [days(0), days(2)], [{ to, at: days(1) }])
    expect([to, missing, coolsAt]).toEqual([to, null, null])
  }
})

test('a decision counts from its own time on', () => {
  const twice = [days(0), days(0)]
  const sql: Decision = { to: 'sql', at: days(1) }
  expect(explained(days(1) - 1, twice, [sql]).coolsAt).toBe(explained(days(1) - 1, twice).coolsAt)
  expect(explained(days(1), twice, [sql]).coolsAt).toBeNull()
})

test('who may not be scored has no score from then on, and the one of before', () => {
  const stop = { at: days(1), reason: 'objection' } as const
  const at = (when: number) => explain(FADING, 1, [cart(days(0))], when, { decisions: [], profilingStopped: stop })
  expect(at(days(1) - 1).score).toBeGreaterThan(27)
  expect(at(days(1))).toMatchObject({ score: 0, grade: '', rules: [], missing: null, profilingStopped: stop })
})

test('stopped and resumed, the judge comes to what it would have come to', () => {
  const events = [cart(days(0)), cart(days(2))]
  const profilingStopped = { at: days(1), reason: 'objection' } as const
  const stopped = judge(FADING, 1, { ...NOBODY, profilingStopped }, events, days(2))!
  expect(stopped.profile).toMatchObject({ score: 0, grade: '', topReasons: [], flipsAt: null, visits: 1 + 1 })
  expect(stopped.transitions).toEqual([])
  expect(judge(FADING, 1, { ...stopped.standing, profilingStopped: null }, [], days(2))).toBeNull()
  const resumed = judge(FADING, 1, { ...stopped.standing, profilingStopped: null, fold: null }, events, days(2))
  expect(resumed).toEqual(judge(FADING, 1, { ...NOBODY, profilingStopped: null }, events, days(2)))
})
