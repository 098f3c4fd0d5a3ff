import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { listen } from '../../collector/listen.ts'
import { createApp, type AppParts } from '../../collector/http/app.ts'
import { createMetrics } from '../../collector/http/metrics.ts'
import { createFairness } from '../../collector/ingest/fairness.ts'
import { createIngest } from '../../collector/ingest/ingest.ts'
import type { Verbs } from '../../collector/ingest/writer.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { addSite } from '../../collector/http/site.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Arrival, Receipt } from '../../collector/store/store.ts'
import { PERSON, testCollector, wireEvent } from '../collector.ts'
import { hear, imbalances, nothingTold, scrape, type Told } from './books.ts'
import { openConnection, post } from './connection.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'leadlight-crowd-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Every so many requests there is one that is something else than a page view of somebody known. */
const ODD: ((batch: { key: string; events: object[] }) => [body: string, sent: number])[] = [
  batch => [JSON.stringify({ ...batch, events: [...batch.events, ...batch.events] }), 2],
  batch => [JSON.stringify({ ...batch, events: [...batch.events, { type: 'no id', n: Math.random() }] }), 2],
  batch => [JSON.stringify({ ...batch, consent: 'denied' }), 1],
  batch => [JSON.stringify({ ...batch, key: 'wk_unknown' }), 0],
  batch => [JSON.stringify(batch).slice(0, -1), 0],
  batch => [
    JSON.stringify({ ...batch, events: [{ ...batch.events[0], properties: { text: 'x'.repeat(33_000) } }] }),
    1,
  ],
]

/** Sends so many requests over so many connections at once, and adds up what their senders were told. */
async function crowd(url: string, key: string, requests: number, connections: number): Promise<Told> {
  const told = nothingTold()
  let next = 0
  const client = async (number: number) => {
    const connection = await openConnection(url)
    while (next < requests) {
      const turn = next++
      const at = Date.now()
      const batch = { v: 1, key, visitor: `visitor ${number}`, sent_at: at, events: [wireEvent('page_view')] }
      const odd = turn % 10 === 0 ? ODD[(turn / 10) % ODD.length] : undefined
      const [body, sent] = odd?.(batch) ?? [JSON.stringify(batch), 1]
      hear(told, await connection.exchange(post(url, body, { Origin: url, 'User-Agent': PERSON })), sent)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, (_, number) => client(number)))
  return told
}

test('60,000 requests from 1,000 connections: each is kept or refused, and everybody agrees, to the unit', async () => {
  const databaseUrl = `file:${join(folder(), 'test.db')}`
  const collector = await testCollector({ '--database-url': databaseUrl })
  const told = await crowd(collector.url, collector.site.writeKey, 60_000, 1_000)
  expect([...told.answers.values()].reduce((sum, count) => sum + count)).toBe(60_000)
  expect([...told.answers.keys()].toSorted((a, b) => a - b)).toEqual([202, 400, 401])
  expect(told.answers.get(202)).toBe(58_000)
  expect(imbalances(told, databaseUrl, await scrape(collector.url))).toEqual([])
  expect(collector.faults).toEqual([])
  await collector.close()
})

test('visitors who send too much are told so, and the books still balance', async () => {
  const databaseUrl = `file:${join(folder(), 'test.db')}`
  const collector = await testCollector({ '--database-url': databaseUrl, '--visitor-rate': '1' })
  const told = await crowd(collector.url, collector.site.writeKey, 2_000, 50)
  expect(told.answers.get(429)).toBeGreaterThan(1_000)
  expect(imbalances(told, databaseUrl, await scrape(collector.url))).toEqual([])
  await collector.close()
})

/** A collector without its writer, whose answers are as honest as `commit`. */
async function collectorThat(
  commit: (write: (arrival: Arrival) => Promise<Receipt>) => (arrival: Arrival) => Promise<Receipt>,
) {
  const databaseUrl = `file:${join(folder(), 'test.db')}`
  const store = await openStore(databaseUrl, { newId: () => crypto.randomUUID() })
  const site = await addSite(store, { name: 'Shop', origins: [], starter: 'shop' }, Date.now())
  const metrics = createMetrics(() => ({ requests: 0, events: 0, bytes: 0, failing: null }))
  const write = metrics.timed(arrivals => store.record(arrivals, Date.now(), engine))
  const fairness = createFairness({ visitor: 0, address: 0, site: 0 })
  const ingest = createIngest({
    siteByWriteKey: store.siteByWriteKey,
    fairness,
    commit: commit(async arrival => (await write([arrival]))[0] as Receipt),
    ownOrigins: () => [],
  })
  // Nothing is asked of these here.
  const writer = {} as Verbs
  const outbox = {} as AppParts['outbox']
  const live = {} as AppParts['live']
  const rules = {} as AppParts['rules']
  const learner = {} as AppParts['learner']
  const surroundings = {
    writer,
    outbox,
    live,
    rules,
    learner,
    clock: Date.now,
    adminKey: null,
    trustProxy: [],
    retentionDays: 0,
    publicUrl: null,
    log: () => {},
  }
  const app = createApp({ store, ingest, fairness, metrics, failing: () => null, ...surroundings })
  const listener = await listen(app.fetch, { port: 0, host: '127.0.0.1' })
  onTestFinished(async () => {
    await listener.close()
    await store.close()
  })
  return { url: `http://127.0.0.1:${listener.port}`, key: site.writeKey, databaseUrl }
}

test.each([
  ['is honest', (write: (arrival: Arrival) => Promise<Receipt>) => write, false],
  [
    'answers before it writes, and forgets one in a hundred',
    (write: (arrival: Arrival) => Promise<Receipt>) => (arrival: Arrival) =>
      Math.random() < 0.01
        ? Promise.resolve({ stored: arrival.events.length, duplicate: 0, quarantined: arrival.quarantined.length })
        : write(arrival),
    true,
  ],
  [
    'keeps one, and says that it did not',
    (write: (arrival: Arrival) => Promise<Receipt>) => {
      let turn = 0
      return async (arrival: Arrival) => {
        const receipt = await write(arrival)
        if (turn++ === 500) throw new Error('no')
        return receipt
      }
    },
    true,
  ],
])('the books would show it: a collector that %s', async (_, commit, shows) => {
  const { url, key, databaseUrl } = await collectorThat(commit)
  const told = await crowd(url, key, 2_000, 20)
  expect(told.accepted).toBeGreaterThan(1_500)
  expect(imbalances(told, databaseUrl, await scrape(url)).length > 0).toBe(shows)
})
