import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { HOUR, MINUTE, type Instant } from '../../shared/instant.ts'
import { days, happened, judged } from './history.ts'

// Cases that a marketer can read, write and argue about: scenarios/*.json.

interface Scenario {
  name: string
  /** `day 3 09:30: add_to_cart item_id=lamp`, `every 7 days from day 0 to day 21: page_view path=/`; noon if no time is said. */
  given: string[]
  asked: string
  /** Points to the hundredth; labels and whether sales should hear of it only where they are said. */
  expect: { score: number; reasons: Record<string, number>; stage: string; labels?: string[]; candidate?: boolean }
}

type Word = string | number | boolean

const FOLDER = join(import.meta.dirname, 'scenarios')
const TOUCH = ['source', 'medium', 'campaign']

function read(sentence: string): StoredEvent[] {
  const [, every, first, last, when, type, rest] =
    /^(?:every (\d+) days from day (\d+) to day (\d+)|(day [\d: ]+)): (\w+)((?: \w+=(?:'[^']*'|\S+))*)$/.exec(
      sentence,
    ) ?? []
  if (type === undefined) throw new Error(`This is no sentence that a scenario knows: ${sentence}`)
  if (every === undefined) return [eventOf(type, rest ?? '', instantOf(when!))]
  const times = Math.floor((Number(last) - Number(first)) / Number(every)) + 1
  return Array.from({ length: times }, (_, n) => eventOf(type, rest ?? '', days(Number(first) + n * Number(every))))
}

function instantOf(words: string): Instant {
  const [, day, hour, minute] = /^day (\d+)(?: (\d\d):(\d\d))?$/.exec(words) ?? []
  if (day === undefined) throw new Error(`This is no time that a scenario knows: ${words}`)
  return days(Number(day)) + (hour === undefined ? 0 : (Number(hour) - 12) * HOUR + Number(minute) * MINUTE)
}

function eventOf(type: string, rest: string, at: Instant): StoredEvent {
  const said: Record<string, Word> = Object.fromEntries(
    [...rest.matchAll(/(\w+)=(?:'([^']*)'|(\S+))/g)].map(([, name, quoted, word]) => [name, quoted ?? valueOf(word!)]),
  )
  const { path, ...properties } = said
  if (type === 'says') return happened('identify', at, { traits: properties })
  const url = path === undefined ? {} : { url: `https://www.example${String(path)}` }
  if (said['source'] === undefined) return happened(type, at, properties, url)
  const others = Object.fromEntries(Object.entries(properties).filter(([name]) => !TOUCH.includes(name)))
  return happened(type, at, others, {
    ...url,
    touch: { at, source: String(said['source']), medium: String(said['medium']) },
  })
}

const valueOf = (word: string): Word =>
  word === 'true' ? true : word === 'false' ? false : /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word

const hundredth = (points: number): number => Math.round(points * 100) / 100

const files = globSync('*.json', { cwd: FOLDER })

test('every starter has scenarios', () =>
  expect(files.map(file => basename(file, '.json')).toSorted()).toEqual(Object.keys(STARTERS).toSorted()))

for (const file of files) {
  const { model: name, cases } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as {
    model: keyof typeof STARTERS
    cases: Scenario[]
  }
  for (const { name: title, given, asked, expect: expected } of cases)
    test(`${name}: ${title}`, () => {
      const [events, at] = [given.flatMap(read), instantOf(asked)]
      const { profile, standing } = judged(STARTERS[name], events, at)
      const reasons = profile.topReasons.map(({ rule, points }) => [rule, hundredth(points)])
      const { labels, candidate } = expected
      expect({
        score: hundredth(profile.score),
        reasons: Object.fromEntries(reasons),
        stage: standing.stage,
        ...(labels && { labels: profile.labels }),
        ...(candidate !== undefined && { candidate: profile.candidateSince !== null }),
      }).toEqual(expected)
      expect(Math.abs(explain(STARTERS[name], 1, events, at).residual)).toBeLessThanOrEqual(1e-9)
    })
}
