import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import { days, happened, judged, minutes, model, NOBODY, said, saw, stored } from './history.ts'

const funnel = model({
  rules: [
    { id: 'view', group: 'web', on: 'page_view', points: 20, halfLifeDays: 7 },
    { id: 'career', group: 'web', on: 'careers', points: -30, halfLifeDays: 7 },
    { id: 'area', group: 'fit', trait: { country: 'NO' }, points: 10 },
  ],
  stages: {
    subscriber: { event: 'sign_up' },
    lead: { known: 'email' },
    mql: { all: [{ score: 'total', gte: 50 }, { known: 'email' }] },
  },
})
const email = (at: number) => said({ email: 'ada@example.com' }, at)

test('each step says from where, to where, when, why, under which model and with what score', () => {
  const events = [email(minutes(0)), saw('/', minutes(10)), saw('/', minutes(10)), saw('/', minutes(10))]
  const { transitions, standing } = judge(funnel, 7, NOBODY, events, minutes(15))!
  const step = { at: minutes(15), actor: 'engine', cause: 'event', model: 7 }
  expect(transitions).toEqual([
    { ...step, from: 'visitor', to: 'lead', effectiveAt: minutes(0), event: events[0]!.id, score: 0 },
    { ...step, from: 'lead', to: 'mql', effectiveAt: minutes(10), event: events[3]!.id, score: 60 },
  ])
  expect(standing).toMatchObject({ stage: 'mql', stageSince: minutes(10) })
})

test('the furthest stage whose condition is met, in one step', () => {
  const events = [saw('/', minutes(0)), saw('/', minutes(0)), saw('/', minutes(0)), email(minutes(0))]
  expect(judged(funnel, events, minutes(1)).transitions.map(({ from, to }) => [from, to])).toEqual([['visitor', 'mql']])
})

test('never backwards, whatever fades', () => {
  const { standing } = judged(funnel, [email(days(0)), saw('/'), saw('/'), saw('/')], days(0))
  const later = judge(funnel, 1, standing, [], days(100))!
  expect(later.profile.score).toBeLessThan(1)
  expect(later).toMatchObject({ standing: { stage: 'mql' }, transitions: [] })
})

test('a late event that would have crossed earlier: decided now, effective then', () => {
  const views = [saw('/', days(0)), saw('/', days(0)), saw('/', days(0)), happened('scroll', days(20))]
  const before = stored(judged(funnel, views, days(30)))
  const late = email(days(0) + 1)
  expect(judge(funnel, 1, before, [late], days(30))).toBeNull()
  const { transitions } = judge(funnel, 1, { ...before, fold: null }, [...views, late], days(30))!
  expect(transitions).toMatchObject([{ to: 'mql', at: days(30), effectiveAt: days(0) + 1, event: late.id }])
})

test('time alone can do it, where a negative rule fades', () => {
  const lasting = {
    ...funnel,
    rules: funnel.rules.map(rule => (rule.id === 'view' ? { ...rule, halfLifeDays: null } : rule)),
  }
  const events = [email(days(0)), happened('careers', days(0)), ...Array.from({ length: 3 }, () => saw('/', days(0)))]
  const { standing } = judged(lasting, events, days(0))
  expect(standing.stage).toBe('lead')
  const { transitions } = judge(lasting, 1, standing, [], days(14))!
  expect(transitions).toMatchObject([{ to: 'mql', cause: 'time', event: null, at: days(14), effectiveAt: days(14) }])
})

test('reached stages stay when a new model is published', () => {
  const events = [email(days(0)), saw('/'), saw('/'), saw('/')]
  const before = stored(judged(funnel, events, days(0)))
  const strict = { ...funnel, stages: { mql: { score: 'total' as const, gte: 1_000 } } }
  expect(judge(strict, 2, before, [], days(1))).toBeNull()
  const verdict = judge(strict, 2, { ...before, fold: null }, events, days(1))!
  expect(verdict).toMatchObject({ standing: { stage: 'mql', stageSince: before.stageSince }, transitions: [] })
})
