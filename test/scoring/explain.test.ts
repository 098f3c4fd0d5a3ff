import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { Condition } from '../../shared/model.ts'
import { days, happened, judged, minutes, model, said, saw } from './history.ts'

const shop = model({
  groups: [
    { id: 'web', kind: 'engagement', min: -20, max: 40 },
    { id: 'fit', kind: 'fit' },
  ],
  rules: [
    { id: 'view', group: 'web', on: 'page_view', points: 10, halfLifeDays: 10, cap: 25 },
    {
      id: 'cart',
      group: 'web',
      on: 'add_to_cart',
      points: 20,
      limit: { n: 1, per: 'day', key: 'item_id' },
      reversedBy: { on: 'remove_from_cart', match: ['item_id'] },
    },
    { id: 'area', group: 'fit', trait: { country: 'NO' }, points: 30 },
    { id: 'quote', group: 'web', on: 'request_quote', points: 40 },
  ],
  total: { min: 0, max: 60 },
  stages: { lead: { known: 'email' }, mql: { all: [{ known: 'email' }, { score: 'total', gte: 60 }] } },
})

test('every point is accounted for, down to single events', () => {
  const views = [saw('/', days(0)), saw('/', days(0)), saw('/', days(0))]
  const carts = ['A', 'A', 'B'].map((item_id, n) => happened('add_to_cart', minutes(n + 1), { item_id }))
  const removal = happened('remove_from_cart', minutes(9), { item_id: 'B' })
  const explained = explain(shop, 3, [...views, ...carts, removal, said({ country: 'NO' }, minutes(10))], days(10))
  expect(explained).toMatchObject({ score: 60, engagement: 32.5, fit: 30, model: 3, at: days(10), residual: 0 })
  expect(explained.rules).toEqual([
    {
      rule: 'view',
      group: 'web',
      points: 12.5,
      matched: 3,
      admitted: 3,
      events: [
        { id: views[0]!.id, type: 'page_view', at: days(0), raw: 10, capped: 0, points: 5, multiplier: 0.5 },
        { id: views[1]!.id, type: 'page_view', at: days(0), raw: 10, capped: 0, points: 5, multiplier: 0.5 },
        { id: views[2]!.id, type: 'page_view', at: days(0), raw: 10, capped: -5, points: 2.5, multiplier: 0.5 },
      ],
    },
    {
      rule: 'cart',
      group: 'web',
      points: 20,
      matched: 3,
      admitted: 1,
      events: [
        { id: carts[0]!.id, type: 'add_to_cart', at: minutes(1), raw: 20, capped: 0, points: 20, multiplier: 1 },
        {
          id: carts[2]!.id,
          type: 'add_to_cart',
          at: minutes(3),
          raw: 20,
          capped: 0,
          points: 0,
          multiplier: 1,
          reversed: true,
        },
      ],
    },
    { rule: 'area', group: 'fit', points: 30, matched: 0, admitted: 0, events: [] },
  ])
  expect(explained.clamps).toEqual([{ scope: 'total', id: 'total', before: 62.5, after: 60, points: -2.5 }])
})

test('what a group’s limit takes, and what it gives', () => {
  const rich = explain(shop, 1, [happened('request_quote'), saw('/'), saw('/')], days(0))
  expect(rich.clamps).toEqual([{ scope: 'group', id: 'web', before: 60, after: 40, points: -20 }])
  const poor = { ...shop, rules: [{ id: 'career', group: 'web', on: 'page_view', points: -50 }] }
  expect(explain(poor, 1, [saw('/')], days(0)).clamps).toEqual([
    { scope: 'group', id: 'web', before: -50, after: -20, points: 30 },
    { scope: 'total', id: 'total', before: -20, after: 0, points: 20 },
  ])
})

test('at an instant in the past, only what had happened by then counts', () => {
  const events = [saw('/', days(0)), saw('/', days(5)), said({ country: 'NO' }, days(6))]
  expect(explain(shop, 1, events, days(-1))).toMatchObject({ score: 0, rules: [] })
  expect(explain(shop, 1, events, days(0)).score).toBe(10)
  expect(explain(shop, 1, events, days(6)).fit).toBe(30)
  expect(explain(shop, 1, events, days(5)).score).toBe(judged(shop, events.slice(0, 2), days(5)).profile.score)
})

test('a rule that holds nothing any more is still told of', () => {
  const events = [
    happened('add_to_cart', days(0), { item_id: 'A' }),
    happened('remove_from_cart', days(1), { item_id: 'A' }),
  ]
  expect(explain(shop, 1, events, days(2)).rules).toMatchObject([{ rule: 'cart', points: 0, matched: 1, admitted: 0 }])
})

test('when the score cools, under the stage that this history leads to', () => {
  const fading = {
    ...shop,
    rules: [{ id: 'q', group: 'web', on: 'request_quote', points: 40, halfLifeDays: 10 }, shop.rules[2]!],
  }
  const events = [said({ email: 'a@b.no', country: 'NO' }, days(0)), happened('request_quote', days(0))]
  const { coolsAt, missing } = explain(fading, 1, events, days(0))
  expect(coolsAt).toBe(judged(fading, events, days(0)).profile.coolsAt)
  expect(coolsAt).toBeGreaterThan(days(4))
  expect(missing).toBeNull()
})

const needs = (condition: Condition, ...events: StoredEvent[]) =>
  explain({ ...shop, stages: { mql: condition } }, 1, events, days(0)).missing?.needs

test('what is missing for the next stage', () => {
  expect(explain(shop, 1, [], days(0)).missing).toEqual({ stage: 'lead', needs: ['an e-mail address'] })
  const lead = said({ email: 'a@b.no' }, days(0))
  expect(explain(shop, 1, [lead, saw('/')], days(0)).missing).toEqual({ stage: 'mql', needs: ['50 more points'] })
  expect(explain({ ...shop, stages: {} }, 1, [], days(0)).missing).toBeNull()
})

for (const [condition, words] of [
  [{ known: 'email' }, ['an e-mail address']],
  [{ known: 'company_size' }, ['a known company size']],
  [{ score: 'total', gte: 12.5 }, ['12.5 more points']],
  [{ score: 'fit', gte: 0.04 }, ['0.1 more points of fit']],
  [{ trait: { industry: { in: ['retail', 'health'] } } }, ['industry one of retail, health']],
  [{ trait: { role: 'buyer', employees: { gte: 50 } } }, ['role buyer and employees at least 50']],
  [{ event: 'request_quote' }, ['request quote']],
  [
    { event: 'page_view', where: { path: { prefix: '/pricing' } }, count: 3, within: 7 },
    ['page view with path beginning with /pricing 3 times within 7 days'],
  ],
  [{ event: 'view_item', count: 2, distinct: 'item_id' }, ['view item 2 times with different item id']],
  [
    { sequence: [{ event: 'test_drive' }, { event: 'request_quote' }], sameKey: 'item_id', within: 1 },
    ['test drive, then request quote for the same item id within a day'],
  ],
  [{ stage: 'lead' }, ['the stage lead']],
  [{ all: [{ known: 'email' }, { event: 'contact' }] }, ['an e-mail address', 'contact']],
  [{ any: [{ known: 'email' }, { event: 'contact' }] }, ['one of: an e-mail address, contact']],
  [
    { any: [{ all: [{ known: 'email' }, { event: 'contact' }] }, { event: 'request_demo' }] },
    ['one of: an e-mail address and contact, request demo'],
  ],
  [
    { atLeast: { n: 2, of: [{ known: 'email' }, { event: 'contact' }, { event: 'request_demo' }] } },
    ['2 of: an e-mail address, contact, request demo'],
  ],
  [{ not: { not: { known: 'email' } } }, ['not: not: an e-mail address']],
] as [Condition, string[]][])
  test(`${JSON.stringify(condition)} needs ${words.join(' + ')}`, () => expect(needs(condition)).toEqual(words))

test('only the unmet parts are missing', () => {
  const three: Condition = { event: 'page_view', count: 3 }
  expect(needs(three, saw('/'))).toEqual(['page view 2 more times'])
  expect(needs(three, saw('/'), saw('/'))).toEqual(['page view once more'])
  const two: Condition = { atLeast: { n: 2, of: [{ event: 'page_view' }, { event: 'contact' }, { known: 'email' }] } }
  expect(needs(two, saw('/'))).toEqual(['1 of: contact, an e-mail address'])
  expect(needs({ all: [{ event: 'page_view' }, { known: 'email' }] }, saw('/'))).toEqual(['an e-mail address'])
})

test('what time alone has brought is missing no longer', () => {
  const rules = [
    { id: 'view', group: 'web', on: 'page_view', points: 20 },
    { id: 'career', group: 'web', on: 'careers', points: -10, halfLifeDays: 1 },
  ]
  const rising = { ...shop, rules, stages: { mql: { score: 'total' as const, gte: 15 } } }
  const events = [happened('careers', days(0)), saw('/', days(0))]
  expect(explain(rising, 1, events, days(0)).missing).toEqual({ stage: 'mql', needs: ['5 more points'] })
  expect(explain(rising, 1, events, days(1)).missing).toBeNull()
})
