import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Rate } from '../../shared/interval.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../shared/instant.ts'
import { testCollector, type TestCollector } from '../collector.ts'
import { tell } from '../http/tell.ts'
import { random } from './random.ts'

// Pages of which one makes MQLs more often than the others: told to a collector, read from its report. Each simulation is a
// day of one site.

const SIMULATIONS = 200
const PAGES = ['/journal', '/lamps', '/pricing', '/trade']
const PLANTED = '/pricing'
/** Of a page's visitors, the share that becomes an MQL. */
const truthOf = (page: string): number => (page === PLANTED ? 0.45 : 0.12)

const FIRST_DAY = Date.UTC(2025, 0, 1)
const day = (simulation: number): Instant => FIRST_DAY + simulation * DAY

let collector: TestCollector
/** Of the server that tells. */
let key: string
beforeAll(async () => {
  collector = await testCollector({ '--site-rate': '0', '--address-rate': '0' })
  const { document } = await collector.ask<{ document: object }>('/v1/models/1')
  const model = { ...document, stages: { mql: { event: 'request_demo' } } }
  const { version } = await collector.ask<{ version: number }>('/v1/models', model)
  await collector.ask(`/v1/models/${version}/publish`, {})
  const made = await collector.ask<{ key: string }>('/v1/keys', { scope: 'ingest', site: collector.site.id })
  key = made.key
  for (let simulation = 0; simulation < SIMULATIONS; simulation++) await simulate(simulation)
})
afterAll(() => collector.close())

/** What the visitors of a day did, told by a server. */
async function simulate(simulation: number): Promise<void> {
  const chance = random(simulation + 1)
  const calls: object[] = []
  for (const page of PAGES)
    for (let left = 20 + Math.floor(chance() * 30); left > 0; left--) {
      const anonymousId = `${simulation} ${page} ${left}`
      const at = day(simulation) + Math.floor(chance() * 20 * HOUR)
      const timestamp = new Date(at).toISOString()
      calls.push({ type: 'page', anonymousId, timestamp, properties: { url: `https://shop.example${page}` } })
      if (chance() >= truthOf(page)) continue
      calls.push({ type: 'track', event: 'request_demo', anonymousId, timestamp: new Date(at + MINUTE).toISOString() })
    }
  const { status, body } = await tell(collector, '/v1/batch', { batch: calls }, { key })
  expect([status, body]).toEqual([200, { success: true }])
}

interface Row {
  value: string
  mql_rate: Rate
  lift: number
}

test(`in ${SIMULATIONS} simulations the page with planted lift ranks first, and the intervals hold the truth in 93 % at least`, async () => {
  const { data } = await collector.ask<{ data: Row[] }>('/v1/reports/content?by=page')
  expect(data.map(({ value }) => value).toSorted()).toEqual(PAGES)
  const seen = { first: 0, lift: 0, intervals: 0, held: 0 }
  for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
    const [from, to] = [day(simulation), day(simulation + 1)].map(at => new Date(at).toISOString().slice(0, 10))
    const report = await collector.ask<{ data: Row[] }>(
      `/v1/reports/content?by=page&sort=-mql_rate&from=${from}&to=${to}&tz=UTC`,
    )
    expect(report.data).toHaveLength(PAGES.length)
    const [first] = report.data
    if (first!.value === PLANTED) seen.first++
    if (first!.lift > 1.5) seen.lift++
    for (const { value, mql_rate: told } of report.data) {
      seen.intervals++
      if (told.low <= truthOf(value) && truthOf(value) <= told.high) seen.held++
    }
  }
  expect(seen.intervals).toBe(SIMULATIONS * PAGES.length)
  expect(seen.first / SIMULATIONS).toBeGreaterThanOrEqual(0.97)
  expect(seen.lift / SIMULATIONS).toBeGreaterThanOrEqual(0.97)
  expect(seen.held / seen.intervals).toBeGreaterThanOrEqual(0.93)
})
