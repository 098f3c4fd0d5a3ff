import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../shared/instant.ts'
import { testCollector, type TestCollector } from '../collector.ts'
import { launch } from './chromium.ts'

// A visitor walks through the demo shop in a real browser. Everything asserted is what the API answers, never what the
// script did.

let collector: TestCollector
let browser: Browser
let visitor: BrowserContext

beforeAll(async () => {
  collector = await testCollector({ '--demo': 'true' })
  browser = await launch()
  visitor = await browser.newContext({ locale: 'en-US', acceptDownloads: true })
  // The one page of another site that is visited: a page of its own, since tests reach no network.
  await visitor.route('https://en.wikipedia.org/**', route =>
    route.fulfill({ body: '<title>Elsewhere</title>', contentType: 'text/html' }),
  )
})
afterAll(async () => {
  await browser.close()
  await collector.close()
})

interface Event {
  id: string
  type: string
  at: string
  provenance: string
  url: string
  properties: Record<string, unknown>
}

interface Lead {
  id: string
  stage: string
  score: number
  visits: number
  engaged_seconds: number
  email: string
  first_touch: object
  last_touch: object
}

const leads = async () => (await collector.ask<{ data: Lead[] }>('/v1/leads')).data

async function timeline(): Promise<Event[]> {
  const [lead] = await leads()
  if (!lead) return []
  return (await collector.ask<{ data: Event[] }>(`/v1/leads/${lead.id}/timeline?limit=500`)).data.toReversed()
}

/** Waits until so many events of that type have arrived. */
const arrived = (type: string, count: number) =>
  expect.poll(async () => (await timeline()).filter(event => event.type === type).length).toBe(count)

/** Uses the page for that long by its own clock: looks at it, and moves the mouse now and then. */
async function linger(page: Page, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 10 * SECOND) {
    await page.mouse.move(200 + (passed % 7), 300)
    await page.clock.runFor(10 * SECOND)
  }
}

test('two visits make an MQL, every action once', async () => {
  // First visit: from an ad, to a lamp.
  const page = await visitor.newPage()
  await page.clock.install()
  await page.goto(`${collector.url}/demo?utm_source=google&utm_medium=cpc&utm_campaign=autumn_lamps&gclid=abc`)
  await arrived('page_view', 1)
  await page.locator('.cards a[href="/demo/products/klokke"]').first().click()
  await arrived('page_view', 2)
  await linger(page, 70 * SECOND)

  // Wishlist, then the brochure, then the page is left by a link at once.
  await page.locator('[data-wish="klokke"]').click()
  const download = page.waitForEvent('download')
  await page.locator('main a[href="/demo/brochure.pdf"]').click()
  expect((await download).suggestedFilename()).toBe('skumring-specification.pdf')
  await page.locator('nav a[href="/demo/contact"]').click()
  await page.waitForURL('**/demo/contact')
  await arrived('page_view', 3)

  // The newsletter form, which navigates away by itself.
  await page.locator('#newsletter-email').fill('Ada.Berg@example.com')
  await page.locator('.newsletter button').click()
  await page.waitForURL('**/demo/thanks/newsletter')
  await arrived('page_view', 4)

  // Back to the lamp, into the cart, and the tab is closed at once.
  await page.goto(`${collector.url}/demo/products/klokke`)
  await arrived('page_view', 5)
  await page.locator('.product [data-add="klokke"]').click()
  await page.close({ runBeforeUnload: true })
  await arrived('add_to_cart', 1)

  // Second visit, an hour later, straight to another lamp; it ends by leaving for another site.
  collector.advance(60 * MINUTE)
  const later = await visitor.newPage()
  await later.goto(`${collector.url}/demo/products/mane`)
  await arrived('page_view', 6)
  await later.locator('.product [data-add="mane"]').click()
  await later
    .locator('a[href^="https://en.wikipedia.org/"]')
    .evaluate((link: HTMLAnchorElement) => link.removeAttribute('target'))
  await later.locator('a[href^="https://en.wikipedia.org/"]').click()
  await later.waitForURL('https://en.wikipedia.org/**')
  await arrived('click', 1)
  await arrived('add_to_cart', 2)

  // Every action exactly once, from the browser, in the order in which it was done.
  const events = await timeline()
  const actions = events.filter(({ type }) => !['user_engagement', 'form_start'].includes(type))
  expect(actions.map(({ type }) => type)).toEqual([
    'page_view',
    'page_view',
    'add_to_wishlist',
    'file_download',
    'page_view',
    'sign_up',
    'page_view',
    'page_view',
    'add_to_cart',
    'page_view',
    'add_to_cart',
    'click',
  ])
  expect(new Set(events.map(({ provenance }) => provenance))).toEqual(new Set(['browser']))
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)

  // One person, with the right visits, time and campaign.
  expect(await leads()).toHaveLength(1)
  const [lead] = (await collector.ask<{ data: Lead[] }>('/v1/leads?stage=mql')).data
  expect(lead).toMatchObject({
    stage: 'mql',
    email: 'ada.berg@example.com',
    visits: 2,
    first_touch: {
      source: 'google',
      medium: 'cpc',
      campaign: 'autumn_lamps',
      click_id: 'gclid',
      landing_page: '/demo',
    },
    last_touch: { source: 'google', medium: 'cpc', campaign: 'autumn_lamps' },
  })
  expect(lead?.engaged_seconds).toBeGreaterThanOrEqual(70)
  expect(lead?.engaged_seconds).toBeLessThan(110)

  // The score, by hand. Visits 10 + 10, one minute of active time 1, newsletter 10 · wishlist 10, brochure 15, two lamps
  // in the cart 20 + 20, all a little faded.
  const at = collector.now()
  const why = await collector.ask<{ score: number; residual: number; rules: { rule: string; points: number }[] }>(
    `/v1/leads/${lead?.id}/score?at=${at}`,
  )
  expect(why.score).toBeCloseTo(96, 0)
  const faded = (points: number, event: Event | undefined, halfLifeDays: number) =>
    points * 2 ** (-(at - Date.parse(event?.at ?? '')) / DAY / halfLifeDays)
  const nth = (type: string, n = 0) => events.filter(event => event.type === type)[n]
  const secondVisit = nth('page_view', 5)
  const byHand =
    faded(10, nth('page_view'), 14) +
    faded(10, secondVisit, 14) +
    faded(
      1,
      events.find(({ type, properties }) => type === 'user_engagement' && Number(properties['engaged_ms']) >= 60_000),
      14,
    ) +
    faded(10, nth('sign_up'), 60) +
    faded(10, nth('add_to_wishlist'), 14) +
    faded(15, nth('file_download'), 30) +
    faded(20, nth('add_to_cart'), 7) +
    faded(20, nth('add_to_cart', 1), 7)
  expect(why.score).toBeCloseTo(byHand, 6)
  expect(Math.abs(why.residual)).toBeLessThan(1e-9)

  // The step to MQL has a cause: the first lamp in the cart.
  const { data: steps } = await collector.ask<{ data: { from: string; to: string; event: string; cause: string }[] }>(
    `/v1/leads/${lead?.id}/transitions`,
  )
  expect(steps.map(({ from, to }) => `${from} → ${to}`)).toEqual(['visitor → lead', 'lead → mql'])
  expect(steps.map(({ cause }) => cause)).toEqual(['event', 'event'])
  expect(steps.map(({ event }) => event)).toEqual([nth('file_download')?.id, nth('add_to_cart')?.id])
  expect(collector.faults).toEqual([])
})
