import { expect, test } from 'vitest'
import type { StoredEvent } from '../../shared/event.ts'
import type { Json } from '../../shared/json.ts'
import type { Measured } from '../../shared/model.ts'
import { days, happened, judged, minutes, model } from './history.ts'

const time = (parts: Partial<Measured> = {}) =>
  model({
    rules: [
      {
        id: 'time',
        group: 'web',
        on: 'user_engagement',
        points: { per: 60_000, of: 'engaged_ms', points: 1, ...parts },
      },
    ],
  })

const active = (engaged_ms: Json, view: string | undefined, at: number): StoredEvent =>
  happened('user_engagement', at, { engaged_ms }, view === undefined ? {} : { view })

for (const [name, events, points, engagedMs] of [
  ['a point for each full minute', [active(150_000, 'a', minutes(3))], 2, 150_000],
  [
    'the part of a minute counts once it is full',
    [active(50_000, 'a', minutes(1)), active(70_000, 'a', minutes(2))],
    1,
    70_000,
  ],
  [
    'time counts on through a view, so only growth is new',
    [active(70_000, 'a', minutes(2)), active(190_000, 'a', minutes(4))],
    3,
    190_000,
  ],
  ['a repeated report is worth nothing', [active(70_000, 'a', minutes(2)), active(70_000, 'a', minutes(3))], 1, 70_000],
  [
    'nor is one that falls back',
    [active(70_000, 'a', minutes(2)), active(10_000, 'a', minutes(3)), active(80_000, 'a', minutes(4))],
    1,
    80_000,
  ],
  ['views add up', [active(70_000, 'a', minutes(2)), active(70_000, 'b', minutes(3))], 2, 140_000],
  [
    'without a view each report stands for itself',
    [active(70_000, undefined, minutes(2)), active(70_000, undefined, minutes(3))],
    2,
    140_000,
  ],
  ['a number may be sent as text', [active('130000', 'a', minutes(3)), active(130_000, 'a', minutes(4))], 2, 130_000],
  ['nobody is active for more than a day on one page', [active(1e300, 'a', minutes(2))], 1_440, 86_400_000],
  [
    'what is no time counts as none',
    [
      active('long', 'a', minutes(1)),
      active(-5, 'a', minutes(2)),
      active(null, 'a', minutes(3)),
      active([9e9], 'a', minutes(4)),
    ],
    0,
    0,
  ],
] as [string, StoredEvent[], number, number][])
  test(name, () => expect(judged(time(), events, days(1)).profile).toMatchObject({ score: points, engagedMs }))

test('at most so many points for a view', () => {
  const reports = [
    active(200_000, 'a', minutes(4)),
    active(900_000, 'a', minutes(20)),
    active(120_000, 'b', minutes(30)),
  ]
  expect(judged(time({ max: 5 }), reports, days(1)).profile.score).toBe(7)
})

test('32 views are remembered, by the last report', () => {
  const views = Array.from({ length: 32 }, (_, n) => active(60_000, `view ${n}`, minutes(n)))
  const again = active(60_000, 'view 0', minutes(90))
  expect(judged(time(), [...views, again], days(1)).profile.engagedMs).toBe(32 * 60_000)
  const another = active(60_000, 'another', minutes(60))
  expect(judged(time(), [...views, another, again], days(1)).profile.engagedMs).toBe(34 * 60_000)
})

test('any other number counts by itself, as a number or as the text of one', () => {
  const value = model({
    rules: [{ id: 'value', group: 'web', on: 'purchase', points: { per: 100, of: 'value', points: 2, max: 10 } }],
  })
  for (const [sent, points] of [
    [99, 0],
    [250, 4],
    ['250.50', 4],
    [9_999, 10],
    [1e308, 10],
    [-500, 0],
    ['', 0],
    ['many', 0],
    [true, 0],
  ] as const)
    expect(
      judged(value, [happened('purchase', minutes(0), { value: sent })], days(1)).profile.score,
      String(sent),
    ).toBe(points)
})

test('one event is never worth more than 10,000 points, whatever it says', () => {
  const value = model({
    rules: [{ id: 'v', group: 'web', on: 'purchase', points: { per: 1, of: 'value', points: 5 } }],
  })
  expect(judged(value, [happened('purchase', minutes(0), { value: 1e308 })], days(1)).profile.score).toBe(10_000)
})
