import { describe, expect, test } from 'vitest'
import { rulesReport } from '../../collector/reports/rules.ts'
import { stabilityIndex } from '../../collector/reports/stability.ts'
import { zone } from '../../collector/reports/zone.ts'
import { DAY, type Instant } from '../../shared/instant.ts'
import { rateOf } from '../../shared/interval.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { model, happened } from '../scoring/history.ts'
import { crowd } from '../store/crowd.ts'
import { random } from './random.ts'

const MODEL = model({
  rules: [
    { id: 'careers', group: 'web', on: 'page_view', where: { path: '/careers' }, points: 10 },
    { id: 'pricing', group: 'web', on: 'page_view', where: { path: '/pricing' }, points: 10 },
    { id: 'home', group: 'web', on: 'page_view', where: { path: '/' }, points: 1, limit: { n: 1, per: 'ever' } },
    { id: 'webinar', group: 'web', on: 'webinar_attend', points: 50 },
  ],
})

describe('the rules report', () => {
  let mqlsWithCareers = 0
  const report = async (most = 1_000) => {
    const c = await crowd(MODEL)
    const chance = random(7)
    let minted = 0
    const page = (path: string, at: Instant) => {
      const bytes = Uint8Array.from({ length: 10 }, (_, i) => (minted >> (8 * (i % 3))) & 255)
      minted++
      const { visitor: _, ...event } = happened('page_view', at, {}, { url: `https://shop.example${path}` })
      return { ...event, id: uuidv7(at, bytes), rawAt: at }
    }
    const october = Date.UTC(2025, 9, 10)
    for (let i = 0; i < 160; i++) {
      const won = i % 2 === 0
      const at = october + (i % 4 < 2 ? 0 : 31 * DAY) + i * 1_000
      const pages = [page('/', at)]
      if (chance() < (won ? 0.1 : 0.8)) pages.push(page('/careers', at + 100))
      if (chance() < (won ? 0.8 : 0.2)) pages.push(page('/pricing', at + 200))
      // In November everybody comes back for more.
      if (i % 4 >= 2) for (let n = 0; n < 5; n++) pages.push(page('/pricing', at + 300 + n))
      await c.arrive(`v${i}`, ...pages)
      const { id } = await c.person(`v${i}`)
      if (i % 3 === 0) {
        await c.move(id, 'mql')
        if (pages.some(({ url }) => url?.endsWith('/careers'))) mqlsWithCareers++
      }
      const facts = { value: null, currency: null, source: 'crm', actor: 'key_test' }
      const outcome = { id: `o${i}`, person: id, result: won ? ('won' as const) : ('lost' as const), at: at + DAY }
      await c.store.addOutcomes(c.site, [{ ...outcome, ...facts }], c.now())
    }
    const span = { from: null, to: null }
    return rulesReport(c.store, c.site, { document: MODEL, version: 1 }, span, zone('Europe/Oslo'), Date.now(), most)
  }

  test('says which rules are commoner among the lost, which among the won, and which give nobody anything', async () => {
    const { rules, people, sample, drift } = await report()
    expect(people).toEqual({ won: 80, lost: 80, open: 0, mql: 54 })
    expect(sample).toBeNull()
    expect(rules.map(({ rule, overRepresented, dead }) => [rule, overRepresented, dead])).toEqual([
      ['careers', 'lost', false],
      ['pricing', 'won', false],
      ['home', null, false],
      ['webinar', null, true],
    ])
    const [careers] = rules
    expect(careers!.mql).toMatchObject({ of: 54, rate: mqlsWithCareers / 54 })
    expect(careers!.lost.low).toBeGreaterThan(careers!.won.high)
    expect(careers!.weightOfEvidence).toBeLessThan(-1)
    expect(rules[3]).toMatchObject({ people: 0, lastMatched: null })
    expect(drift.map(({ from, people: active, shifted }) => [new Date(from).toISOString(), active, shifted])).toEqual([
      ['2025-09-30T22:00:00.000Z', 80, false],
      ['2025-10-31T23:00:00.000Z', 80, true],
    ])
  })

  test('of more people than it replays, it is of a sample, whose shares are those of all within their intervals', async () => {
    const { rules, people, sample } = await report(80)
    expect(sample).toEqual({ people: people.won + people.lost, of: 160 })
    expect(sample!.people).toBeGreaterThan(50)
    expect(sample!.people).toBeLessThan(110)
    const [careers, pricing, home, webinar] = rules
    expect(home!.won).toMatchObject({ of: people.won, rate: 1 })
    expect(careers!.lost.low).toBeLessThan(0.8)
    expect(careers!.lost.high).toBeGreaterThan(0.8)
    expect([careers!.overRepresented, pricing!.overRepresented]).toEqual(['lost', 'won'])
    // It may have given something to somebody else.
    expect(webinar).toMatchObject({ people: 0, dead: false })
  })
})

describe('the stability index', () => {
  test('is nothing for the same, and grows with the distance', () => {
    const numbers = (shift: number) => Array.from({ length: 500 }, (_, i) => (i % 100) + shift)
    expect(stabilityIndex(numbers(0), numbers(0))).toBe(0)
    expect(stabilityIndex(numbers(0), numbers(5))).toBeLessThan(0.1)
    expect(stabilityIndex(numbers(0), numbers(50))).toBeGreaterThan(0.25)
    expect(stabilityIndex(numbers(0), [1, 2, 3])).toBeNull()
  })
})

const drawn = (chance: () => number, people: number, rate: number) =>
  Array.from({ length: people }, chance).filter(draw => draw < rate).length

test('the interval of a share holds the truth in 92 % at least, for few and many cases, rare and common', () => {
  const chance = random(99)
  for (const cases of [20, 100, 1_000])
    for (const rate of [0.05, 0.2, 0.5, 0.9]) {
      const held = Array.from({ length: 2_000 }, () => rateOf(drawn(chance, cases, rate), cases)).filter(
        ({ low, high }) => low <= rate && rate <= high,
      ).length
      expect([cases, rate, held / 2_000 >= 0.92]).toEqual([cases, rate, true])
    }
})
