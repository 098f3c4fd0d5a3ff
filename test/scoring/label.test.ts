import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import { DAY, MINUTE } from '../../shared/instant.ts'
import { days, happened, hours, judged, minutes, model, NOON, stored } from './history.ts'

// 60 points with a half-life of a day: under 48, which is 0.8 · 60, after 7 h 44 min; cold a day after that.
const hot = model({
  rules: [
    { id: 'quote', group: 'web', on: 'request_quote', points: 60, halfLifeDays: 1 },
    { id: 'visit', group: 'web', on: 'page_view', points: 10, halfLifeDays: 1 },
    { id: 'job', group: 'web', on: 'careers', points: -20, halfLifeDays: 1 },
    { id: 'paper', group: 'web', on: 'file_download', points: 60 },
  ],
  labels: [{ id: 'hot', score: 'total', gte: 60 }],
})
const quote = happened('request_quote', NOON)
const COOL = Math.ceil((NOON + Math.log2(60 / 48) * DAY) / MINUTE) * MINUTE
const labels = (at: number, ...more: (typeof quote)[]) => judged(hot, [quote, ...more], at).profile.labels

test('a label is taken on at its threshold', () => {
  expect(labels(NOON)).toEqual(['hot'])
  expect(judged(hot, [happened('page_view')], NOON).profile.labels).toEqual([])
})

test('and put off when the score has been under four fifths of it for a day, to the minute', () => {
  expect(labels(COOL + DAY - 1)).toEqual(['hot'])
  expect(labels(COOL + DAY)).toEqual([])
  expect(judged(hot, [quote], NOON).profile.flipsAt).toBe(COOL + DAY)
})

test('a score that comes back to four fifths begins a new day', () => {
  const again = happened('request_quote', COOL + DAY - MINUTE)
  expect(labels(COOL + DAY, again)).toEqual(['hot'])
  const hardly = happened('page_view', COOL + DAY - MINUTE)
  expect(labels(COOL + DAY, hardly)).toEqual([])
})

test('once put off, four fifths are not enough', () => {
  const later = [0, 1, 2, 3, 4].map(n => happened('page_view', days(5) + n))
  expect(labels(days(5) + 9, ...later)).toEqual([])
})

test('time alone brings a label where a negative rule fades', () => {
  const both = [happened('careers'), happened('file_download')]
  const { profile, standing } = judged(hot, both, NOON)
  expect(profile).toMatchObject({ labels: [], flipsAt: expect.any(Number) })
  const flat = model({ ...hot, labels: [{ id: 'hot', score: 'total', gte: 50 }] })
  const rising = judged(flat, both, NOON)
  expect(rising.profile).toMatchObject({ labels: [], flipsAt: days(1) })
  expect(judge(flat, 1, stored(rising), [], days(1))!.profile.labels).toEqual(['hot'])
  expect(judge(hot, 1, standing, [], hours(1))!.profile.labels).toEqual([])
})

test('looking in between changes nothing', () => {
  const verdict = judged(hot, [quote], NOON)
  const seen = judge(hot, 1, stored(verdict), [], COOL + minutes(1) - NOON)!
  expect(seen.standing).toEqual(stored(verdict))
})

test('nobody of whom nothing is known bears a label', () => {
  const always = model({ ...hot, labels: [{ id: 'any', score: 'total', gte: 0 }] })
  expect(judged(always, [], NOON).profile.labels).toEqual([])
  expect(judged(always, [happened('scroll')], NOON).profile).toMatchObject({ labels: ['any'], flipsAt: null })
})
