import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { EventRule } from '../../shared/model.ts'
import { days, happened, judged, minutes, model, NOBODY, stored } from './history.ts'

const cart = (parts: Partial<EventRule> = {}) =>
  model({
    rules: [
      {
        id: 'cart',
        group: 'web',
        on: 'add_to_cart',
        points: 20,
        reversedBy: { on: 'remove_from_cart', match: ['item_id'] },
        ...parts,
      },
    ],
  })

const add = (item: string | undefined, at: number) =>
  happened('add_to_cart', at, item === undefined ? {} : { item_id: item })
const remove = (item: string | undefined, at: number) =>
  happened('remove_from_cart', at, item === undefined ? {} : { item_id: item })
const score = (events: StoredEvent[], parts: Partial<EventRule> = {}, at = days(14)) =>
  judged(cart(parts), events, at).profile.score

test('a removal takes the matching event out', () => {
  expect(score([add('A', minutes(0)), add('B', minutes(1)), remove('A', minutes(2))])).toBe(20)
})

test('from its own time on: before it, the event still counts', () => {
  const events = [add('A', minutes(0)), remove('A', minutes(60))]
  expect(score(events.slice(0, 1), {}, minutes(59))).toBe(20)
  expect(score(events, {}, minutes(60))).toBe(0)
})

test('first in, first out', () => {
  const events = [add('A', days(0)), add('A', days(7)), remove('A', days(7) + 1)]
  expect(score(events, { halfLifeDays: 7 }, days(14))).toBeCloseTo(10, 9)
})

test('a removal that matches nothing does nothing, neither now nor to what comes later', () => {
  expect(score([remove('A', minutes(0)), add('A', minutes(1))])).toBe(20)
  expect(score([add('B', minutes(0)), remove('A', minutes(1))])).toBe(20)
})

test('it is not minus points: nothing is punished twice after decay', () => {
  expect(score([add('A', days(0)), remove('A', days(13))], { halfLifeDays: 7 })).toBe(0)
})

test('nor after a cap: what remains is folded as though the event had never been', () => {
  const three = [add('A', minutes(0)), add('B', minutes(1)), add('C', minutes(2))]
  expect(score(three, { cap: 40 })).toBe(40)
  expect(score([...three, remove('A', minutes(3))], { cap: 40 })).toBe(40)
  expect(score([...three, remove('A', minutes(3)), remove('B', minutes(4))], { cap: 40 })).toBe(20)
})

test('its place is free again', () => {
  const limit = { n: 1, per: 'day' as const }
  expect(score([add('A', minutes(0)), add('B', minutes(1)), remove('A', minutes(2))], { limit })).toBe(20)
})

test('without the field on both sides they match too', () => {
  expect(score([add(undefined, minutes(0)), remove(undefined, minutes(1))])).toBe(0)
  expect(score([add('A', minutes(0)), remove(undefined, minutes(1))])).toBe(20)
})

test('every field named must be the same', () => {
  const match = { reversedBy: { on: 'remove_from_cart', match: ['item_id', 'size'] } }
  const sized = (type: string, size: string, at: number) => happened(type, at, { item_id: 'A', size })
  expect(score([sized('add_to_cart', 'S', minutes(0)), sized('remove_from_cart', 'M', minutes(1))], match)).toBe(20)
  expect(score([sized('add_to_cart', 'S', minutes(0)), sized('remove_from_cart', 'S', minutes(1))], match)).toBe(0)
})

test('a removal in order needs no look at the whole history', () => {
  const standing = stored(judged(cart(), [add('A', minutes(0)), add('B', minutes(1))], minutes(1)))
  for (const item of ['A', 'not there'])
    expect(judge(cart(), 1, standing, [remove(item, minutes(2))], minutes(3))).not.toBeNull()
})

test('it reaches back to the last 32 events; older ones stay', () => {
  const many = Array.from({ length: 33 }, (_, n) => add(`item ${n}`, minutes(n)))
  expect(score([...many, remove('item 0', minutes(100))])).toBe(33 * 20)
  expect(score([...many, remove('item 1', minutes(100))])).toBe(32 * 20)
})

test('after a removal, what is older than the memory is still there', () => {
  const many = Array.from({ length: 40 }, (_, n) => add(`item ${n}`, minutes(n)))
  const events = [...many, remove('item 39', minutes(100)), add('last', minutes(101))]
  expect(score(events)).toBe(40 * 20)
  let verdict = judge(cart(), 1, NOBODY, [], minutes(0))!
  for (const event of events) verdict = judge(cart(), 1, stored(verdict), [event], minutes(102))!
  expect(verdict.profile.score).toBe(40 * 20)
  verdict = judge(cart(), 1, stored(verdict), [remove('last', minutes(103))], minutes(103))!
  expect(verdict.profile.score).toBe(39 * 20)
})
