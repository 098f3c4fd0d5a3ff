import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSite } from '../../collector/http/site.ts'
import { openStore } from '../../collector/store/open.ts'
import { testCollector, type TestCollector } from '../collector.ts'
import { launch } from './chromium.ts'

const built = readFileSync(createRequire(import.meta.url).resolve('@segment/analytics-next/dist/umd/index.js'))

let collector: TestCollector
let browser: Browser
let shop: Server
let writeKey: string
let origin: string

beforeAll(async () => {
  collector = await testCollector()
  browser = await launch()
  shop = createServer(({ url }, response) => {
    response.setHeader('Content-Type', url === '/script' ? 'text/javascript' : 'text/html')
    response.end(url === '/script' ? built : '<!doctype html><title>Shop</title><script src="/script"></script>')
  })
  await new Promise<void>(resolve => shop.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  const store = await openStore(collector.databaseUrl, { newId: () => 'nobody' })
  const site = await addSite(store, { name: 'Shop', origins: [origin], starter: 'shop' }, Date.now())
  await store.close()
  writeKey = site.writeKey
})

afterAll(async () => {
  await browser.close()
  await collector.close()
  shop.close()
})

/** What Segment's script makes global. */
interface Client {
  track(name: string, properties?: object): Promise<unknown>
  page(name?: string): Promise<unknown>
  screen(name: string): Promise<unknown>
  identify(id: string, traits?: object): Promise<unknown>
  group(id: string, traits?: object): Promise<unknown>
  alias(to: string): Promise<unknown>
  reset(): Promise<unknown>
  user(): { anonymousId(): string | null }
}
declare const AnalyticsNext: {
  AnalyticsBrowser: { load(settings: object, options?: object): Client & Promise<[Client]> }
}

interface Happening {
  type: string
  provenance: string
  visitor: string
  properties: Record<string, unknown>
}

const ask = async (path: string) => (await collector.ask<{ data: Record<string, unknown>[] }>(path)).data

async function timeline(person: string): Promise<Happening[]> {
  return (await ask(`/v1/leads/${person}/timeline?site=2&limit=500`)) as unknown as Happening[]
}

test.each([
  ['one request for each call', {}],
  ['in batches', { strategy: 'batching', config: { size: 20, timeout: 50 } }],
])(
  'the official client for browsers, %s: 500 mixed calls arrive once, as what they are, of whom they are',
  async (_, deliveryStrategy) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const elsewhere: string[] = []
    page.on('request', request => {
      const { origin: to } = new URL(request.url())
      if (to !== origin && to !== collector.url) elsewhere.push(request.url())
    })
    await page.goto(origin)
    const expected = await page.evaluate(
      async ([key, cdnURL, strategy]) => {
        const integrations = 'strategy' in strategy ? { 'Segment.io': { deliveryStrategy: strategy } } : {}
        const client = AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnURL }, { integrations })
        const [ready] = await client
        const sent: Record<string, string[]> = {}
        for (let person = 0; person < 5; person++) {
          await ready.reset()
          const anonymous = ready.user().anonymousId()!
          const email = `${anonymous}@example.com`
          const types: string[] = (sent[email] = [])
          const said: Promise<unknown>[] = []
          for (let number = 0; number < 100; number++) {
            const [type, saying] =
              number === 20
                ? ['identify', ready.identify(anonymous.slice(0, 8), { email })]
                : number === 30
                  ? ['group', ready.group('g1', { name: 'Berg & Strand' })]
                  : number === 40
                    ? ['alias', ready.alias(anonymous.slice(0, 8))]
                    : number % 4 === 0
                      ? ['page_view', ready.page('Lamps')]
                      : number % 4 === 1
                        ? ['add_to_cart', ready.track('Product Added', { product_id: `A${number}`, price: 340 })]
                        : number % 4 === 2
                          ? ['screen_view', ready.screen('Cart')]
                          : [`custom ${number}`, ready.track(`custom ${number}`)]
            types.push(type)
            said.push(saying)
          }
          await Promise.all(said)
        }
        return sent
      },
      [writeKey, collector.url, deliveryStrategy] as const,
    )
    expect(Object.keys(expected)).toHaveLength(5)
    for (const [email, types] of Object.entries(expected)) {
      const found = async () => {
        const [person] = await ask(`/v1/leads?site=2&q=${encodeURIComponent(email)}`)
        return person ? timeline(person['id'] as string) : []
      }
      await expect.poll(async () => (await found()).length).toBe(types.length)
      const arrived = await found()
      expect(arrived.map(({ type }) => type).toSorted()).toEqual(types.toSorted())
      expect(new Set(arrived.map(({ provenance }) => provenance))).toEqual(new Set(['browser']))
    }
    expect(elsewhere).toEqual([])
    await context.close()
  },
)
