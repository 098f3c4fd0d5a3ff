import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Tab } from '../engines/engine.ts'
import type { Place } from '../engines/place.ts'
import {
  analytics,
  CHECKOUT,
  EVENTS,
  productForm,
  SECRET,
  SECRET_NUMBER,
  serveCart,
  withPixel,
} from '../platforms/shopify.ts'
import { sent, toldOfShop } from '../platforms/told.ts'
import { HASTE, type Behaviours } from './behaviour.ts'

const ARC = { item_id: '77', item_name: 'Arc lamp', item_brand: 'Lys', item_category: 'Lamps', price: 340 }
const BLACK = { ...ARC, item_variant: 'Black', price: 360 }
const SHADE = { item_id: '88', item_name: 'Shade', item_brand: 'Lys', price: 49.5 }

interface Sandboxed {
  pixelReady?: boolean
  pixelEvent(name: string, data: object): void
  pixelConsent(allowed: boolean): void
}

/** Has the shop tell its pixel of all that, once it listens. */
const publish = (tab: Tab, events: [name: string, data: object][], consent?: boolean) =>
  tab.evaluate(
    async (all, allowed) => {
      const page = window as unknown as Sandboxed
      while (!page.pixelReady) await new Promise(resolve => setTimeout(resolve, 20))
      if (allowed !== undefined && allowed !== null) page.pixelConsent(allowed)
      for (const [name, data] of all) {
        page.pixelEvent(name, data)
        await new Promise(resolve => setTimeout(resolve, 30))
      }
    },
    events,
    consent ?? null,
  )

/** Waits for so many events of the shop and so many views. Each goes its own way: the last need not be the last to arrive. */
const arrived = (place: Place, told: number, views: number) =>
  place.expect(
    `${told} events of the shop and ${views} views`,
    () => toldOfShop(place).length >= told && place.count('page_view') >= views,
  )

export default {
  'Shopify: a theme that asks its cart itself, whatever asks, and one that sends its form': async stage => {
    const { place, open } = stage
    serveCart(place)
    const adapter = `<script async src="${place.line.origin}/leadlight-shopify.js"></script>`
    place.page('/products/arc', place.tag() + analytics + adapter + productForm('/cart/add', true) + HASTE)
    place.page('/products/old', adapter + place.tag() + analytics + productForm('/en/cart/add', false) + HASTE)
    place.page('/en/cart/add', `<p>Cart</p>${HASTE}`)
    const tab = await open('/products/arc')
    await place.until('view_item')
    await tab.click('#add')
    await place.until('add_to_cart')
    const page = await tab.evaluate(async () => {
      await fetch('/cart.js').then(answer => answer.json())
      const request = new XMLHttpRequest()
      request.open('POST', '/nb/cart/add.js')
      request.responseType = 'json'
      await new Promise(resolve => {
        request.addEventListener('load', resolve)
        request.send()
      })
      const changed = await fetch(new Request('/cart/change', { method: 'POST' }))
      await fetch('/cart/update.js', { method: 'POST' })
      const missing = await fetch('/cart/clear.js').catch(() => null)
      return [(window as { drawer?: string[] }).drawer, request.response !== null, changed.bodyUsed, missing?.status]
    })
    // The theme is none the worse.
    expect(page).toEqual([['cart-drawer'], true, false, 404])
    await place.until('remove_from_cart', 2)
    await tab.go(`${place.origin}/products/old`)
    await place.until('page_view', 2)
    await tab.click('#add')
    await arrived(place, 8, 2)
    const seen = ['view_item', { currency: 'EUR', value: 340, items: [ARC] }]
    const lamps = { item_category: 'Lamps' }
    expect(toldOfShop(place)).toEqual([
      seen,
      ['add_to_cart', { currency: 'EUR', value: 360, items: [BLACK] }],
      ['add_to_cart', { currency: 'EUR', value: 49.5, items: [{ ...SHADE, ...lamps }] }],
      ['remove_from_cart', { currency: 'EUR', value: 720, items: [{ ...BLACK, quantity: 2 }] }],
      // From one answer to the next: two of the one more, one of the other less.
      ['add_to_cart', { currency: 'EUR', value: 720, items: [{ ...BLACK, quantity: 2 }] }],
      ['remove_from_cart', { currency: 'EUR', value: 49.5, items: [{ ...SHADE, ...lamps, quantity: 1 }] }],
      seen,
      ['add_to_cart', { currency: 'EUR', value: 340, items: [{ ...ARC, item_variant: 'Brass' }] }],
    ])
    expect(sent(place)).not.toMatch(new RegExp(`${SECRET}|${SECRET_NUMBER}`))
  },

  'a Shopify custom pixel: of the script’s visitor, else of Shopify’s; the checkout; nothing that is denied':
    async stage => {
      const { place, open } = stage
      const options = `site: '${place.site.writeKey}', analytics, browser, init, customerPrivacy`
      await place.allow('null') // where sandboxes are
      const pixel = (more = '') =>
        `import('${place.line.origin}/leadlight-shopify-pixel.js').then(({ start }) => start({ ${options} ${more} }))`
      place.page('/collections', `<title>Lamps</title>${withPixel(pixel())}`)
      place.page('/products/arc', place.tag() + withPixel(pixel(', checkoutOnly: true')) + HASTE)
      place.page('/checkouts/cn/1', withPixel(pixel(', checkoutOnly: true')))
      place.page('/denied', withPixel(pixel(), false))
      // No script has been here yet: Shopify's client is who it is.
      let tab = await open('/collections?utm_source=paper&secret=1')
      await publish(tab, EVENTS)
      await arrived(place, 3, 1)
      const [first] = place.events('page_view')
      expect(first).toMatchObject({
        visitor: 'shopify-8f1bca3e-client',
        url: `${place.origin}/collections?utm_source=paper`,
        title: 'Lamps',
        provenance: 'browser',
        mark: null,
      })
      expect(toldOfShop(place)).toEqual([
        ['view_item', { currency: 'EUR', value: 360, items: [BLACK] }],
        ['add_to_cart', { currency: 'EUR', value: 720, items: [{ ...BLACK, quantity: 2 }] }],
        ['remove_from_cart', { currency: 'EUR', value: 360, items: [{ ...BLACK, quantity: 1 }] }],
      ])
      // Shopify says that it may not be; then that it may.
      tab = await open('/denied')
      await publish(tab, [['product_viewed', EVENTS[1]![1]]])
      await publish(
        tab,
        [['cart_viewed', { cart: { lines: [], cost: { totalAmount: { amount: 0, currencyCode: 'EUR' } } } }]],
        true,
      )
      await place.until('view_cart')
      expect(place.count('view_item')).toBe(1)
      // The theme has the script, which has not been allowed to keep anything.
      tab = await open('/checkouts/cn/1')
      await publish(tab, CHECKOUT)
      // With the script in the theme, the pixel tells of the checkout, of the same visitor.
      tab = await open('/products/arc')
      await place.until('page_view', 2)
      await publish(tab, EVENTS)
      await tab.go(`${place.origin}/checkouts/cn/1`)
      await publish(tab, CHECKOUT)
      await arrived(place, 7, 3)
      const bought = { currency: 'EUR', value: 375, items: [{ ...BLACK, quantity: 1 }] }
      expect(toldOfShop(place).slice(4)).toEqual([
        ['begin_checkout', bought],
        ['add_payment_info', bought],
        ['purchase', { ...bought, transaction_id: '9001', tax: 60, shipping: 15 }],
      ])
      const views = place.events('page_view')
      expect(views.map(({ url = '' }) => new URL(url).pathname)).toEqual([
        '/collections',
        '/products/arc',
        '/checkouts/cn/1',
      ])
      expect(new Set([...views.slice(1), ...place.events('purchase')].map(({ visitor }) => visitor)).size).toBe(1)
      expect(views[1]!.visitor).not.toContain('shopify')
      // What is acknowledged is not kept to be sent again.
      await wait(300)
      expect(await tab.evaluate(() => JSON.stringify(localStorage))).not.toContain('shopify-pixel')
      expect(sent(place)).not.toContain(SECRET)
      // Whoever denies it to the script has denied it.
      await tab.evaluate(() => void (document.cookie = 'leadlight=...denied.1;path=/'))
      await publish(tab, [['checkout_shipping_info_submitted', CHECKOUT[1]![1]]])
      await wait(300)
      expect(place.count('add_shipping_info')).toBe(0)
    },
} satisfies Behaviours
