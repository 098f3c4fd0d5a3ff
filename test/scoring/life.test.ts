import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { Standing } from '../../shared/person.ts'
import { STAGES, type Stage } from '../../shared/stage.ts'
import { days, happened, judged, model, said, saw, stored } from './history.ts'

const funnel = model({
  rules: [{ id: 'view', group: 'web', on: 'page_view', points: 20, halfLifeDays: 7 }],
  stages: {
    subscriber: { event: 'sign_up' },
    lead: { known: 'email' },
    mql: { all: [{ known: 'email' }, { score: 'total', gte: 50 }] },
    fastTrack: { any: [{ event: 'request_quote' }, { event: 'request_demo' }] },
  },
})
const address = said({ email: 'ada@example.com' }, days(0))
const views = (day: number) => [0, 1, 2].map(n => saw('/', days(day) + n))
const quote = (day: number) => happened('request_quote', days(day))

const at = (stage: Stage, since: number): Standing => ({ stage, stageSince: days(since), fold: null })
const from = (standing: Standing, events: StoredEvent[], day: number) => judge(funnel, 1, standing, events, days(day))!

test('a fast-track event makes a candidate for sales at once, as of the event, wherever they stand', () => {
  const { standing, profile } = judged(funnel, [saw('/', days(0)), quote(1), quote(2)], days(3))
  expect(standing.stage).toBe('visitor')
  expect(profile.candidateSince).toBe(days(1))
  expect(judged(funnel, [saw('/', days(0))], days(3)).profile.candidateSince).toBeNull()
})

test('a candidate is nobody’s candidate any more once sales has decided', () => {
  const candidate = (stage: Stage) => from(at(stage, 2), [address, quote(1)], 3).profile.candidateSince
  expect(Object.fromEntries(STAGES.map(stage => [stage, candidate(stage) === days(1)]))).toEqual({
    visitor: true,
    subscriber: true,
    lead: true,
    mql: true,
    sql: false,
    opportunity: false,
    customer: false,
    evangelist: false,
    recycled: false,
    disqualified: false,
  })
})

for (const stage of ['sql', 'opportunity', 'customer', 'evangelist', 'disqualified'] as const)
  test(`the engine never takes anybody out of ${stage}`, () => {
    const { standing, transitions } = from(at(stage, 1), [address, ...views(2), quote(2)], 3)
    expect(standing).toMatchObject({ stage, stageSince: days(1) })
    expect(transitions).toEqual([])
  })

test('somebody recycled does not qualify by what happened before', () => {
  const past = [address, ...views(0), quote(0)]
  expect(from(at('recycled', 1), past, 2)).toMatchObject({ standing: { stage: 'recycled' }, transitions: [] })
  const oneMore = [...past, saw('/', days(2))]
  const { standing, profile } = from(at('recycled', 1), oneMore, 2)
  expect(profile.score).toBeGreaterThan(50)
  expect(profile.candidateSince).toBeNull()
  expect(standing.stage).toBe('recycled')
})

test('but by what happens after, and what was known stays known', () => {
  const events = [address, ...views(0), ...views(5)]
  const { standing, transitions, profile } = from(at('recycled', 1), events, 6)
  expect(transitions).toMatchObject([{ from: 'recycled', to: 'mql', cause: 'event', event: events.at(-1)!.id }])
  expect(transitions[0]!.score).toBe(judged(funnel, events, days(5) + 2).profile.score)
  expect(standing).toMatchObject({ stage: 'mql', recycledAt: days(1) })
  expect(profile.candidateSince).toBeNull()
  expect(from(at('recycled', 1), [...events, quote(6)], 6).profile.candidateSince).toBe(days(6))
})

test('a recycling is remembered beyond the next qualification, also when everything is folded anew', () => {
  const events = [address, quote(0), ...views(0), ...views(5)]
  const { standing } = from(at('recycled', 1), events, 6)
  const anew = from({ ...stored({ standing } as never), fold: null }, events, 6)
  expect(anew.profile.candidateSince).toBeNull()
  expect(anew.standing).toEqual(standing)
})

test('a fold of before the recycling is refused', () => {
  const { standing } = judged(funnel, [address, ...views(0)], days(0) + 9)
  expect(judge(funnel, 1, { ...standing, stage: 'recycled', stageSince: days(1) }, [], days(2))).toBeNull()
})

test('somebody recycled never comes back as less than an MQL', () => {
  const { transitions } = from(at('recycled', 1), [happened('sign_up', days(2)), said({ email: 'a@b.no' }, days(2))], 3)
  expect(transitions).toEqual([])
})

test('when time alone may bring a stage is known beforehand', () => {
  const rising = model({
    ...funnel,
    rules: [
      { id: 'view', group: 'web', on: 'page_view', points: 60 },
      { id: 'job', group: 'web', on: 'careers', points: -20, halfLifeDays: 7 },
    ],
  })
  const early = [happened('careers', days(0)), saw('/', days(0))]
  expect(judged(rising, early, days(0)).profile.flipsAt).toBeNull()
  const verdict = judged(rising, [...early, address], days(0))
  expect(verdict.profile.flipsAt).toBe(days(7))
  expect(judge(rising, 1, stored(verdict), [], days(7) - 1)!.standing.stage).toBe('lead')
  expect(judge(rising, 1, stored(verdict), [], days(7))!.standing).toMatchObject({ stage: 'mql', stageSince: days(7) })
})

test('nor is it missed when an event that forbids it leaves its window', () => {
  const quiet = model({ stages: { lead: { not: { event: 'unsubscribe', within: 7 } } } })
  const verdict = judged(quiet, [happened('unsubscribe', days(0))], days(0))
  expect(verdict.profile.flipsAt).toBe(days(7) + 1)
  expect(judge(quiet, 1, stored(verdict), [], days(7) + 1)!.standing.stage).toBe('lead')
})
