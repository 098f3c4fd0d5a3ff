import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import { everything, settled, test } from './test.ts'

/** What Google's own snippet declares. */
const GTAG = '<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) }</script>'

const LAMP = { currency: 'EUR', value: 340, items: [{ item_id: 'A1', item_name: 'Lamp', price: 340, quantity: 1 }] }

async function open(page: Page, site: Site, before = '', after = '', attributes = ''): Promise<void> {
  site.page('/', `${GTAG}<script>LAMP = ${JSON.stringify(LAMP)};${before}</script>${site.tag(attributes)}${after}`)
  await page.goto(site.origin)
  await page.waitForFunction(() => 'track' in window.leadlight)
}

const run = (page: Page, script: string) => page.evaluate(script)

const told = (site: Site) =>
  site
    .events()
    .filter(({ type }) => type !== 'end')
    .map(({ type, properties }) => [type, properties])

test('GA4’s e-commerce events are heard, as objects and from gtag, from before and from now on', async ({
  page,
  site,
}) => {
  await open(
    page,
    site,
    `dataLayer.push({ event: 'gtm.js', 'gtm.start': 1 }, { ecommerce: null }, { event: 'view_item', ecommerce: LAMP })
     gtag('js', new Date()); gtag('config', 'G-1'); gtag('event', 'add_to_wishlist', LAMP)`,
  )
  await run(page, `dataLayer.push({ event: 'add_to_cart', ecommerce: LAMP }); gtag('event', 'begin_checkout', LAMP)`)
  await everything(page, site)
  expect(told(site)).toEqual([
    ['page_view', { webdriver: true }],
    ['view_item', LAMP],
    ['add_to_wishlist', LAMP],
    ['add_to_cart', LAMP],
    ['begin_checkout', LAMP],
  ])
})

test('a data layer that comes after us, or in place of another, is heard too', async ({ page, site }) => {
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  await run(
    page,
    `window.dataLayer = [{ event: 'add_to_cart', ecommerce: { items: [] } }]; dispatchEvent(new Event('pageshow'))
     dataLayer.push({ event: 'purchase', ecommerce: { transaction_id: 'T1' } })`,
  )
  await everything(page, site)
  expect(told(site).map(([type]) => type)).toEqual(['page_view', 'add_to_cart', 'purchase'])
})

test('an array replaced just before the page is left loses nothing', async ({ page, site }) => {
  await open(page, site)
  await site.until('page_view')
  site.page('/next', 'next')
  await run(
    page,
    `window.dataLayer = []; dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [] } }); location.href = '/next'`,
  )
  await site.until('add_to_cart')
  await page.waitForURL('**/next')
})

test('what is pushed twice counts once: the same object, the same words, and all of it by a tag manager that loads again', async ({
  page,
  site,
}) => {
  await open(page, site, `dataLayer.push({ event: 'view_item', ecommerce: LAMP })`)
  await run(
    page,
    `const entry = { event: 'add_to_cart', ecommerce: LAMP }
     dataLayer.push(entry); dataLayer.push(entry)
     gtag('event', 'add_to_cart', LAMP); dataLayer.push({ event: 'add_to_cart', ecommerce: { ...LAMP }, 'gtm.uniqueEventId': 7 })
     dataLayer.push(...dataLayer)
     // As Google's does: a push of its own on top, and the oldest entries go.
     const { push } = dataLayer
     dataLayer.push = function (...all) { const n = push.apply(dataLayer, all); while (dataLayer.length > 3) dataLayer.shift(); return n }
     dataLayer.push({ event: 'remove_from_cart', ecommerce: LAMP })`,
  )
  await everything(page, site)
  expect(told(site).map(([type]) => type)).toEqual(['page_view', 'view_item', 'add_to_cart', 'remove_from_cart'])
  await page.waitForTimeout(1_000)
  await run(page, `dataLayer.push({ event: 'add_to_cart', ecommerce: LAMP })`)
  await everything(page, site)
  expect(site.events('add_to_cart')).toHaveLength(2)
})

test('whoever forwards our events to the data layer, marked, does not get them back', async ({ page, site }) => {
  await open(page, site)
  await run(
    page,
    `leadlight.on('event', ({ type, properties }) => setTimeout(() => dataLayer.push({ event: type, ecommerce: properties, leadlight: true })))
     leadlight.track('add_to_cart', { item_id: 'A1' })`,
  )
  await everything(page, site)
  expect(site.events('add_to_cart')).toHaveLength(1)
})

test('what is no e-commerce, and nonsense, is none of ours, and the page gets what it expects', async ({
  page,
  site,
}) => {
  await open(page, site, `dataLayer.push(null, 42, 'text', () => {}, [], {}, { event: 'purchase' }, Symbol())`)
  const length = await run(
    page,
    `gtag('event', 'page_view', { items: [] }); gtag('event', 'user_engagement', { x: 1 }); gtag('set', { cart: 1 })
     dataLayer.push({ event: 'form_submit', ecommerce: {} }); dataLayer.push({ get event() { throw new Error('trap') } })
     dataLayer.push(new Proxy({}, { get() { throw new Error('trap') } })); gtag('consent'); gtag('event', 'purchase')
     const loop = { event: 'refund', ecommerce: {} }; loop.ecommerce.self = loop; dataLayer.push(loop)
     dataLayer.push({ event: 'refund', ecommerce: { n: 1n } })`,
  )
  expect(length).toBe(await run(page, 'dataLayer.length'))
  await everything(page, site)
  expect(told(site).map(([type]) => type)).toEqual(['page_view'])
})

test('Consent Mode: denied by default waits, nothing is stored; granted sends what waited', async ({ page, site }) => {
  await open(page, site, `gtag('consent', 'default', { analytics_storage: 'denied', ad_storage: 'denied' })`)
  await settled()
  expect(site.received).toEqual([])
  expect(await page.evaluate(() => document.cookie)).toBe('')
  await run(page, `gtag('consent', 'update', { ad_storage: 'granted' })`)
  await settled()
  expect(site.received).toEqual([])
  await run(page, `gtag('consent', 'update', { analytics_storage: 'granted' })`)
  await site.until('page_view')
  expect(site.received[0]!.batch.consent).toBe('granted')
  await run(page, `gtag('consent', 'update', { analytics_storage: 'denied' })`)
  await settled()
  expect(site.received.at(-1)!.batch).toMatchObject({ consent: 'denied', events: [] })
  expect(await page.evaluate(() => document.cookie)).toMatch(/^leadlight=\.\.\.denied/)
})

test('Consent Mode: granted by default is no answer where consent is asked for', async ({ page, site }) => {
  await open(page, site, `gtag('consent', 'default', { analytics_storage: 'granted' })`, '', 'data-consent="required"')
  await settled()
  expect(site.received).toEqual([])
})

test('stopped, we hear nothing, and pushing goes on', async ({ page, site }) => {
  await open(page, site)
  await site.until('page_view')
  await run(page, `leadlight.stop(); dataLayer.push({ event: 'purchase', ecommerce: LAMP })`)
  await settled()
  expect(site.events('purchase')).toEqual([])
  expect(await run(page, 'dataLayer.at(-1).event')).toBe('purchase')
})
