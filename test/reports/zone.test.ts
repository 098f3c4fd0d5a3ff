import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activities, activity } from '../../collector/reports/funnel.ts'
import { INTERVALS, zone } from '../../collector/reports/zone.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { shop } from '../../collector/scoring/starters/shop.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Store } from '../../collector/store/store.ts'
import { DAY, HOUR, MINUTE } from '../../shared/instant.ts'

const CITIES = ['Europe/Oslo', 'Europe/Copenhagen', 'Europe/Amsterdam', 'Europe/Warsaw']
const SPRING = Date.parse('2026-03-29T01:00:00Z')
const AUTUMN = Date.parse('2026-10-25T01:00:00Z')

describe('the calendar of a time zone', () => {
  test.each(CITIES)('in %s a day of spring has 23 hours, and one of autumn 25', name => {
    const { startOf, edges } = zone(name)
    expect(startOf('2026-03-29')).toBe(Date.parse('2026-03-28T23:00:00Z'))
    expect(startOf('2026-03-30')).toBe(Date.parse('2026-03-29T22:00:00Z'))
    expect(startOf('2026-10-25')).toBe(Date.parse('2026-10-24T22:00:00Z'))
    expect(startOf('2026-10-26')).toBe(Date.parse('2026-10-25T23:00:00Z'))
    const days = edges('day', startOf('2026-01-01')!, startOf('2027-01-01')!)
    expect(days).toHaveLength(366)
    const hours = days.slice(1).map((edge, index) => (edge - days[index]!) / HOUR)
    expect([hours.filter(count => count === 23).length, hours.filter(count => count === 25).length]).toEqual([1, 1])
  })

  test('where clocks skip midnight a day begins at one, and where they show it twice at the first', () => {
    // Cairo, 26 April 2024: 0:00 → 1:00. Havana, 3 November 2024: 1:00 → 0:00.
    expect(zone('Africa/Cairo').startOf('2024-04-26')).toBe(Date.parse('2024-04-25T22:00:00Z'))
    expect(zone('America/Havana').startOf('2024-11-03')).toBe(Date.parse('2024-11-03T04:00:00Z'))
    expect(zone('Asia/Kathmandu').startOf('2026-11-22')).toBe(Date.parse('2026-11-21T18:15:00Z'))
  })

  test('there is no 30th of February, and weeks begin on Monday', () => {
    const { startOf, edges } = zone('Europe/Oslo')
    for (const date of ['2026-02-30', '2026-13-01', '2026-1-1', 'soon', '']) expect(startOf(date)).toBeNull()
    const [, monday] = edges('week', startOf('2026-11-22')!, startOf('2026-12-01')!)
    expect(monday).toBe(startOf('2026-11-23'))
    expect(edges('month', startOf('2026-01-15')!, startOf('2026-03-15')!)).toEqual(
      ['2026-01-15', '2026-02-01', '2026-03-01', '2026-03-15'].map(startOf),
    )
  })
})

describe('counts by day', () => {
  let store: Store
  let site: number
  beforeAll(async () => {
    let made = 0
    store = await openStore('file::memory:', { newId: () => `person-${String(made++).padStart(5, '0')}` })
    site = (await store.addSite({ name: 'Shop', writeKey: 'wk', origins: [], createdAt: 0 }, shop)).id
    // Every seven minutes, from two days before to two days after both nights.
    const instants = [SPRING, AUTUMN].flatMap(night =>
      Array.from({ length: (4 * DAY) / (7 * MINUTE) }, (_, n) => night - 2 * DAY + n * 7 * MINUTE),
    )
    const arrivals = instants.map((at, n) => ({
      site,
      visitor: `v${n}`,
      receivedAt: at,
      quarantined: [],
      events: [
        {
          id: `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
          type: 'page_view',
          at,
          rawAt: at,
          url: 'https://shop.example/',
          properties: {},
          provenance: 'browser' as const,
          mark: null,
        },
      ],
    }))
    await store.record(arrivals, AUTUMN + 9 * DAY, engine)
    while ((await store.fold(500)) > 0);
  })
  afterAll(() => store.close())

  test.each([...CITIES, 'Asia/Kolkata', 'America/New_York', 'UTC'])(
    'add up to the total in %s, for any span over either change of clocks, by day, week or month',
    async name => {
      const span = fc.constantFrom(SPRING, AUTUMN).chain(night =>
        fc.record({
          from: fc.integer({ min: night - 3 * DAY, max: night }),
          length: fc.integer({ min: 1, max: 5 * DAY }),
          interval: fc.constantFrom(...INTERVALS),
        }),
      )
      await fc.assert(
        fc.asyncProperty(span, async ({ from, length, interval }) => {
          const to = from + length
          const parts = await activities(store, site, { from, to }, interval, zone(name))
          const total = await activity(store, site, from, to)
          const { people } = await store.tally(site, null, 'any', { from, to })
          expect(parts.reduce((sum, { visitor }) => sum + visitor, 0)).toBe(total.visitor)
          expect(people).toBe(total.visitor)
        }),
        { numRuns: 60 },
      )
      const whole = await activities(store, site, { from: SPRING - 9 * DAY, to: AUTUMN + 9 * DAY }, 'day', zone(name))
      expect(whole.reduce((sum, { visitor }) => sum + visitor, 0)).toBe(2 * Math.floor((4 * DAY) / (7 * MINUTE)))
    },
  )
})
