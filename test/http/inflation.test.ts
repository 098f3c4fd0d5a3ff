import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { uuidv7 } from '../../shared/uuid.ts'
import { ADMIN_KEY, PERSON } from '../collector.ts'
import { serve, writeKeyOf } from '../faults/process.ts'
import { openConnection, post } from './connection.ts'
import type { Answered, Flood } from './flood.ts'

/** `LEADLIGHT_TEST_SCALE=full npx vitest run test/http/inflation.test.ts` takes some minutes, and measures. */
const FULL = process.env['LEADLIGHT_TEST_SCALE'] === 'full'
const EVENTS = FULL ? 1_000_000 : 20_000
const VISITORS = FULL ? 10_000 : 1_000
/** What the shop's rule for carts holds at most. */
const CAP = 40

const CARTS = `SELECT count(*) FROM events WHERE type = 'add_to_cart'`

interface Lead {
  stage: string
  score: number
}

async function collector(env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-flood-'))
  const file = join(folder, 'test.db')
  const rates = { LEADLIGHT_VISITOR_RATE: '120', LEADLIGHT_ADDRESS_RATE: '6000', LEADLIGHT_TRUST_PROXY: '127.0.0.1' }
  const { child, ready, end } = serve(file, { env: { ...rates, ...env } })
  const url = await ready
  const key = writeKeyOf(file)
  return {
    url,
    key,
    async close() {
      child.kill()
      await end
      rmSync(folder, { recursive: true, force: true })
    },
    /** Everybody, the best first. */
    async leads(query: string): Promise<Lead[]> {
      const answer = await fetch(`${url}/v1/leads?limit=500&${query}`, {
        headers: { Authorization: `Bearer ${ADMIN_KEY}` },
      })
      return ((await answer.json()) as { data: Lead[] }).data
    },
    ask(sql: string): number {
      const database = new Database(file, { readonly: true })
      const value = Number(database.prepare(sql).pluck().get())
      database.close()
      return value
    },
    async flood(given: Partial<Flood>): Promise<Answered> {
      const script = fork(resolve(import.meta.dirname, 'flood.ts'))
      const headers = { 'X-Forwarded-For': '203.0.113.7' }
      script.send({
        url,
        key,
        events: EVENTS,
        batch: 1,
        visitors: 1,
        connections: 8,
        headers,
        ...given,
      } satisfies Flood)
      const [answered] = (await once(script, 'message')) as [Answered]
      script.kill()
      return answered
    },
  }
}

interface Latencies {
  p50: number
  p99: number
  refused: number
}

/** Latencies in milliseconds of a visitor who sends an event now and then while something lasts. */
async function bystander({ url, key }: { url: string; key: string }, lasts: Promise<unknown>): Promise<Latencies> {
  const connection = await openConnection(url)
  const ended = new AbortController()
  void lasts.finally(() => ended.abort())
  const latencies: number[] = []
  let refused = 0
  for (let turn = 0; !ended.signal.aborted; turn++) {
    const at = Date.now()
    const event = { id: uuidv7(at, crypto.getRandomValues(new Uint8Array(10))), type: 'page_view', at }
    const body = JSON.stringify({ v: 1, key, visitor: `person ${turn % 100}`, sent_at: at, events: [event] })
    const started = performance.now()
    const { status } = await connection.exchange(
      post(url, body, { Origin: url, 'User-Agent': PERSON, 'X-Forwarded-For': '198.51.100.1' }),
    )
    latencies.push(performance.now() - started)
    if (status !== 202) refused++
    await new Promise(wait => setTimeout(wait, 10))
  }
  connection.close()
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN
  return { p50: quantile(0.5), p99: quantile(0.99), refused }
}

/** Of the other visitor; on a busy machine such numbers decide nothing. */
function say(quiet: Latencies, meanwhile: Latencies, answered: Answered): void {
  const words = ({ p50, p99 }: Latencies) => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
  process.stdout.write(
    `${JSON.stringify(answered)} to a script; another visitor: ${words(quiet)}, meanwhile ${words(meanwhile)}, ${(meanwhile.p99 / quiet.p99).toFixed(2)} ×\n`,
  )
}

const sum = (answered: Answered): number => Object.values(answered).reduce((total, count) => total + count, 0)

describe('limits as they are', () => {
  let shop: Awaited<ReturnType<typeof collector>>
  let quiet: Latencies
  beforeAll(async () => {
    shop = await collector()
    quiet = await bystander(shop, new Promise(wait => setTimeout(wait, FULL ? 20_000 : 1_000)))
  })
  afterAll(() => shop.close())

  test(
    `one scripted event of each of ${VISITORS.toLocaleString('en')} visitors from one address: no MQL, and nobody else notices`,
    { timeout: 20 * 60_000 },
    async () => {
      const flooding = shop.flood({ events: VISITORS, visitors: VISITORS })
      const meanwhile = await bystander(shop, flooding)
      expect(await flooding).toEqual({ 202: VISITORS })
      expect(await shop.leads('stage=mql')).toEqual([])
      expect(shop.ask('SELECT max(score) FROM persons')).toBe(20)
      expect(meanwhile.refused).toBe(0)
      say(quiet, meanwhile, { 202: VISITORS })
    },
  )

  test(
    `${EVENTS.toLocaleString('en')} scripted events of one visitor: no MQL, and nobody else notices`,
    { timeout: 20 * 60_000 },
    async () => {
      const before = shop.ask(CARTS)
      const flooding = shop.flood({})
      const meanwhile = await bystander(shop, flooding)
      const answered = await flooding
      expect(sum(answered)).toBe(EVENTS)
      expect(Object.keys(answered)).toEqual(['202', '429'])
      expect(shop.ask(CARTS) - before).toBe(answered[202])
      expect(await shop.leads('stage=mql')).toEqual([])
      const [script] = await shop.leads('sort=-score')
      expect(script?.score).toBeLessThanOrEqual(CAP)
      expect(meanwhile.refused).toBe(0)
      say(quiet, meanwhile, answered)
    },
  )

  test('a cart that a script has filled makes no MQL of somebody known either, nor does a script without an origin score', async () => {
    const send = (visitor: string, events: object[], headers: Record<string, string>) =>
      fetch(`${shop.url}/e`, {
        method: 'POST',
        headers: { 'User-Agent': PERSON, ...headers },
        body: JSON.stringify({ v: 1, key: shop.key, visitor, sent_at: Date.now(), events }),
      })
    const event = (type: string, properties: object) => ({
      id: uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10))),
      type,
      at: Date.now(),
      properties,
    })
    const carts = () => Array.from({ length: 400 }, (_, n) => event('add_to_cart', { item_id: `item ${n}` }))
    await send('known', [event('identify', { traits: { email: 'ada@example.com' } }), ...carts()], { Origin: shop.url })
    await send('curl', carts(), {})
    expect(await shop.leads('stage=mql')).toEqual([])
    const score = (visitor: string) =>
      shop.ask(`SELECT p.score FROM visitors v JOIN persons p ON p.id = v.person_id WHERE v.visitor = '${visitor}'`)
    expect([Math.round(score('known')), score('curl')]).toEqual([CAP, 0])
  })
})

test(
  `${EVENTS.toLocaleString('en')} scripted events that are all let in: the score stays at the cap, and what is remembered stays small`,
  { timeout: 30 * 60_000 },
  async () => {
    const shop = await collector({ LEADLIGHT_VISITOR_RATE: '0', LEADLIGHT_ADDRESS_RATE: '0', LEADLIGHT_SITE_RATE: '0' })
    onTestFinished(shop.close)
    const started = performance.now()
    const tenth = await shop.flood({ events: EVENTS / 10, batch: 500, connections: 1 })
    const early = performance.now()
    const rest = await shop.flood({ events: (EVENTS * 9) / 10, batch: 500, connections: 1 })
    const late = performance.now()
    expect({ ...tenth, ...rest }).toEqual({ 202: rest[202] })
    expect(shop.ask('SELECT count(*) FROM events')).toBe(EVENTS)
    expect(shop.ask('SELECT length(fold) FROM folds')).toBeLessThan(20_000)
    const [script] = await shop.leads('sort=-score')
    expect(script).toMatchObject({ stage: 'visitor' })
    expect(script?.score).toBeLessThanOrEqual(CAP)
    expect(script?.score).toBeGreaterThan(CAP - 0.1)
    process.stdout.write(`first tenth ${early - started} ms, the rest ${late - early} ms\n`)
  },
)
