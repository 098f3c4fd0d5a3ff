import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import { inOrder, type StoredEvent } from '../../shared/event.ts'
import { days, happened, judged, minutes, model, NOBODY, saw, stored } from './history.ts'

const SHOP = model({
  rules: [
    { id: 'order', group: 'web', on: 'purchase', points: 10, halfLifeDays: 7 },
    { id: 'page', group: 'web', on: 'page_view', points: 1, halfLifeDays: null },
  ],
  stages: { lead: { event: 'purchase', count: 2 } },
})

const bought = (transaction_id: string | number | null, at: number, more: Partial<StoredEvent> = {}) =>
  happened('purchase', at, transaction_id === null ? {} : { transaction_id, value: 40 }, more)

test('an order counts once, from when it was first told, whoever tells it again', () => {
  const once = [bought('T1', days(0))]
  const again = [...once, bought('T1', minutes(3)), bought('T1', days(2), { visitor: 'phone', provenance: 'server' })]
  const { profile, standing } = judged(SHOP, again, days(7))
  expect(profile.score).toBe(judged(SHOP, once, days(7)).profile.score)
  expect(profile.score).toBe(5)
  // It asks for two.
  expect(standing.stage).toBe('visitor')
  expect(profile.lastSeen).toBe(days(2))
})

test.for([
  ['another order is another', [bought('T1', days(0)), bought('T2', days(0))], 20],
  ['a number is as good as its text', [bought(7, days(0)), bought('7', days(0))], 10],
  ['without a number, each is one', [bought(null, days(0)), bought('', days(0)), bought(null, days(0))], 30],
  [
    'what is worth nothing takes no order away',
    [bought('T1', days(-1), { mark: 'bot', provenance: 'weak' }), bought('T1', days(0))],
    10,
  ],
] as const)('%s', ([, events, points]) => expect(judged(SHOP, events, days(0)).profile.score).toBe(points))

test('a page that is loaded again after somebody was recycled is no news', () => {
  const past = judged(SHOP, [bought('T1', days(0)), bought('T2', days(1))], days(1))
  const recycled = { ...stored(past), stage: 'recycled', stageSince: days(2), fold: null } as const
  const events = [bought('T1', days(0)), bought('T2', days(1)), bought('T1', days(3)), bought('T2', days(3))]
  expect(judge(SHOP, 1, recycled, events, days(3))!.standing.stage).toBe('recycled')
})

const history = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 300 }), order: fc.constantFrom('A', 'B', 'C', null) }), {
    maxLength: 12,
  })
  .map(all => all.map(({ at, order }) => (order === null ? saw('/', minutes(at)) : bought(order, minutes(at)))))

test('in whatever order and portions they come, it is the first of each that counts', () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat(3)), (events, sizes) => {
      const sorted = events.toSorted(inOrder)
      const seen = new Set<unknown>()
      const firsts = sorted.filter(({ type, properties }) => {
        const order = type === 'purchase' ? properties['transaction_id'] : {}
        return !seen.has(order) && seen.add(order)
      })
      const whole = judged(SHOP, events, days(1))
      expect(whole.profile.score).toBe(judged(SHOP, firsts, days(1)).profile.score)
      let standing = NOBODY
      for (let from = 0; from < sorted.length;) {
        const portion = sorted.slice(from, (from += 1 + sizes.next().value))
        standing = stored(judge(SHOP, 1, standing, portion, days(1))!)
      }
      if (sorted.length > 0) expect(standing.fold).toEqual(stored(whole).fold)
    }),
  )
})
