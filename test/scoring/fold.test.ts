import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { days, happened, judged, minutes, NOBODY, said, saw, stored } from './history.ts'

const { shop } = STARTERS

test('the whole history is asked for when what is new does not follow', () => {
  const past = [saw('/', minutes(0)), saw('/', minutes(10))]
  const standing = stored(judged(shop, past, minutes(10)))
  const goOn = (event: StoredEvent, version = 1) => judge(shop, version, standing, [event], minutes(20))
  expect(goOn(saw('/', minutes(11)))).not.toBeNull()
  expect(goOn(saw('/', minutes(9)))).toBeNull()
  expect(goOn({ ...saw('/', minutes(10)), id: 'a' })).toBeNull()
  expect(goOn({ ...saw('/', minutes(10)), id: 'z' })).not.toBeNull()
  expect(goOn(saw('/', minutes(11)), 2)).toBeNull()
})

test('a late event that is worth nothing anyway does not ask for it', () => {
  const standing = stored(judged(shop, [saw('/', minutes(10))], minutes(10)))
  expect(
    judge(shop, 1, standing, [saw('/', minutes(0), { mark: 'bot', provenance: 'weak' })], minutes(20)),
  ).not.toBeNull()
})

test('the last event once more changes nothing', () => {
  const event = happened('add_to_cart', minutes(0), { item_id: 'A' })
  const once = judged(shop, [event], minutes(1))
  expect(judge(shop, 1, stored(once), [event, event], minutes(1))).toEqual({ ...once, transitions: [] })
})

test('a second copy of an id is ignored, whatever it says', () => {
  const event = happened('add_to_cart', minutes(0), { item_id: 'A' })
  const other = { ...event, at: minutes(5), properties: { item_id: 'B' } }
  expect(judged(shop, [other, event], minutes(5)).profile).toEqual(judged(shop, [event], minutes(5)).profile)
})

test('a standing is never changed: a transaction may still be undone', () => {
  const standing = stored(judged(shop, [saw('/', minutes(0)), said({ email: 'a@b.no' }, minutes(1))], minutes(1)))
  const before = JSON.stringify(standing)
  const more = ['add_to_cart', 'remove_from_cart', 'file_download', 'request_quote', 'user_engagement'].map((type, n) =>
    happened(type, minutes(2 + n), { item_id: 'A', engaged_ms: 90_000, traits: { role: 'x' } }),
  )
  judge(shop, 1, standing, more, days(1))
  expect(JSON.stringify(standing)).toBe(before)
})

test('time alone refreshes a profile', () => {
  const standing = stored(judged(shop, [saw('/', days(0))], days(0)))
  const { profile, transitions } = judge(shop, 1, standing, [], days(14))!
  expect(profile.score).toBe(5)
  expect(transitions).toEqual([])
})

test('somebody of whom nothing is known', () => {
  expect(judge(shop, 1, NOBODY, [], days(0))?.profile).toEqual({
    score: 0,
    engagement: 0,
    fit: 0,
    grade: 'D4',
    traits: {},
    firstTouch: null,
    lastTouch: null,
    firstSeen: null,
    lastSeen: null,
    visits: 0,
    engagedMs: 0,
    coolsAt: null,
    flipsAt: null,
    labels: [],
    candidateSince: null,
    topReasons: [],
  })
})

test('the three rules that hold the most points are the reasons', () => {
  const events = [saw('/'), happened('add_to_cart'), happened('request_quote'), happened('sign_up'), saw('/careers')]
  expect(judged(shop, events).profile.topReasons).toEqual([
    { rule: 'quote', points: 25 },
    { rule: 'cart', points: 20 },
    { rule: 'visit', points: 10 },
  ])
})

test('an event of this very millisecond, later than now, counts', () => {
  expect(judged(shop, [saw('/', minutes(1))], minutes(0)).profile.score).toBe(10)
})
