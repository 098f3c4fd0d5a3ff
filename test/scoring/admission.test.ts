import { expect, test } from 'vitest'
import type { StoredEvent } from '../../shared/event.ts'
import type { EventRule } from '../../shared/model.ts'
import { days, happened, judged, minutes, model } from './history.ts'

const admitted = (limit: EventRule['limit'], events: StoredEvent[], timezone = 'UTC') => {
  const rules = [{ id: 'r', group: 'web', on: 'view_item', points: 1, ...(limit ? { limit } : {}) }]
  return judged(model({ rules, timezone }), events, days(400)).profile.score
}

const viewed = (at: number, item?: string, more: Partial<StoredEvent> = {}) =>
  happened('view_item', at, item === undefined ? {} : { item_id: item }, more)

const phone = { visitor: 'phone' }
const server = { provenance: 'server' as const }

for (const [name, limit, events, points] of [
  ['without a limit every event counts', undefined, [viewed(minutes(0)), viewed(minutes(1))], 2],
  ['once ever', { n: 1, per: 'ever' }, [viewed(days(0)), viewed(days(90))], 1],
  ['twice ever', { n: 2, per: 'ever' }, [viewed(days(0)), viewed(days(1)), viewed(days(90))], 2],
  ['once a day', { n: 1, per: 'day' }, [viewed(minutes(0)), viewed(minutes(5)), viewed(days(1))], 2],
  ['a day is one of the calendar', { n: 1, per: 'day' }, [viewed(minutes(719)), viewed(minutes(721))], 2],
  ['once a visit', { n: 1, per: 'visit' }, [viewed(minutes(0)), viewed(minutes(30)), viewed(minutes(61))], 2],
  ['a visit goes on past midnight', { n: 1, per: 'visit' }, [viewed(minutes(710)), viewed(minutes(735))], 1],
  ['two browsers are two visits', { n: 1, per: 'visit' }, [viewed(minutes(0)), viewed(minutes(1), 'A', phone)], 2],
  ['but one day', { n: 1, per: 'day' }, [viewed(minutes(0)), viewed(minutes(1), 'A', phone)], 1],
  [
    'once a day for each item',
    { n: 1, per: 'day', key: 'item_id' },
    [viewed(minutes(0), 'A'), viewed(minutes(1), 'B'), viewed(minutes(2), 'A')],
    2,
  ],
  [
    'no item is an item of its own',
    { n: 1, per: 'day', key: 'item_id' },
    [viewed(minutes(0)), viewed(minutes(1)), viewed(minutes(2), 'A')],
    2,
  ],
  [
    'for a server, a day is a visit',
    { n: 1, per: 'visit' },
    [
      viewed(minutes(0), 'A', server),
      viewed(minutes(200), 'A', server),
      viewed(minutes(300), 'A', server),
      viewed(days(1), 'A', server),
    ],
    2,
  ],
  [
    'visits may overlap',
    { n: 1, per: 'visit' },
    [viewed(minutes(0)), viewed(minutes(5), 'A', phone), viewed(minutes(10)), viewed(minutes(15), 'A', phone)],
    2,
  ],
] as [string, EventRule['limit'], StoredEvent[], number][])
  test(name, () => expect(admitted(limit, events)).toBe(points))

test('midnight is that of the time zone of the model, also when its clocks change', () => {
  // 29 March 2026: Oslo goes from UTC+1 to UTC+2 at 01:00 UTC.
  const at = (hour: number, minute = 0) => viewed(Date.UTC(2026, 2, 28, hour, minute))
  const daily = { n: 1, per: 'day' } as const
  expect(admitted(daily, [at(22, 59), at(23, 1)], 'Europe/Oslo')).toBe(2)
  expect(admitted(daily, [at(22, 59), at(23, 1)], 'UTC')).toBe(1)
  expect(admitted(daily, [at(23, 1), at(24 + 21, 59)], 'Europe/Oslo')).toBe(1)
  expect(admitted(daily, [at(24 + 21, 59), at(24 + 22, 1)], 'Europe/Oslo')).toBe(2)
})

test('event time decides which event is admitted, never arrival', () => {
  const rules = [
    { id: 'r', group: 'web', on: 'view_item', points: 10, limit: { n: 1, per: 'ever' as const }, halfLifeDays: 1 },
  ]
  const events = [viewed(days(5)), viewed(days(0))]
  expect(judged(model({ rules }), events, days(5)).profile.score).toBeCloseTo(10 / 2 ** 5, 9)
})

test('an event worth nothing takes nobody’s place', () => {
  const rules = [
    {
      id: 'r',
      group: 'web',
      on: 'view_item',
      points: { per: 10, of: 'value', points: 1 },
      limit: { n: 1, per: 'ever' as const },
    },
  ]
  const worth = (value: number, at: number) => happened('view_item', at, { value })
  expect(judged(model({ rules }), [worth(9, minutes(0)), worth(25, minutes(1))], days(1)).profile.score).toBe(2)
})

test('a hundred keys are remembered, so that nobody can fill the memory', () => {
  const once = { n: 1, per: 'ever', key: 'item_id' } as const
  const all = Array.from({ length: 100 }, (_, n) => viewed(minutes(n), `item ${n}`))
  expect(admitted(once, [...all, viewed(minutes(200), 'item 0')])).toBe(100)
  const oneMore = viewed(minutes(150), 'another')
  expect(admitted(once, [...all, oneMore, viewed(minutes(200), 'item 0')])).toBe(102)
})
