import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Place } from '../engines/place.ts'
import {
  blockCard,
  card,
  described,
  page,
  row,
  SECRET,
  SECRET_NUMBER,
  serveScripts,
  STORE,
  THANKS,
  variable,
} from '../platforms/woocommerce.ts'
import { PATIENCE, sent, toldOfShop } from '../platforms/told.ts'
import { everything, HASTE, type Behaviours } from './behaviour.ts'

const adapter = (place: Place, attributes = '') =>
  `<script async src="${place.line.origin}/leadlight-woocommerce.js" ${attributes}></script>`

const ARC = { item_id: '42', item_name: 'Arc lamp', item_brand: 'Lys', price: 340 }
const SHADE = { item_id: '12', item_name: 'Shade', price: 49.5, quantity: 1 }

export default {
  'WooCommerce, classic: a product seen, chosen and put into the cart, by request and by form': async stage => {
    const { place, open } = stage
    serveScripts(place)
    place.page('/', '')
    const arc = (classes: string) =>
      page({
        head: adapter(place) + place.tag() + described('/product/arc/'),
        classes,
        main: variable(42) + HASTE,
      })
    place.page('/product/arc/', arc('single single-product postid-42 woocommerce woocommerce-page'))
    const tab = await open('/product/arc/')
    await place.until('view_item')
    await tab.click('.single_add_to_cart_button')
    await tab.click('.related .ajax_add_to_cart')
    await place.until('add_to_cart')
    // A form that is sent takes its page away: nothing may be lost.
    await tab.evaluate(() => {
      const select = document.querySelector<HTMLSelectElement>('#pa_color')!
      select.value = 'brass'
      select.dispatchEvent(new Event('change', { bubbles: true }))
      document.querySelector('.single_add_to_cart_button')!.addEventListener('click', event => {
        if (!event.isTrusted) event.preventDefault()
      })
    })
    await tab.click('.single_add_to_cart_button')
    await place.until('add_to_cart', 2)
    await place.until('page_view', 2)
    await wait(PATIENCE)
    await everything(stage, tab)
    const seen = ['view_item', { currency: 'EUR', value: 340, items: [ARC] }]
    expect(toldOfShop(place)).toEqual([
      seen,
      ['add_to_cart', { currency: 'EUR', value: 49.5, items: [SHADE] }],
      ['add_to_cart', { currency: 'EUR', value: 360, items: [{ ...ARC, item_variant: 'ARC-BRASS', price: 360 }] }],
      seen,
    ])
    const bodies = sent(place)
    expect(bodies).not.toContain(SECRET)
    expect(bodies).not.toContain(SECRET_NUMBER)
    expect(bodies).toContain('"adapter":"woocommerce"')
  },

  'WooCommerce with blocks: their cart tells what became more and less': async stage => {
    const { place, open } = stage
    serveScripts(place)
    place.page(
      '/',
      page({
        head: place.tag() + adapter(place),
        classes: 'woocommerce-cart',
        main: `${STORE}<ul>${blockCard(7, 'Oak')}</ul>${HASTE}`,
      }),
    )
    const tab = await open()
    // At once: the shop is given a second to tell what is in its cart.
    await tab.evaluate(() => {
      const { shopKnown } = window as unknown as { shopKnown(items: object[]): void }
      shopKnown([{ key: 'k1', id: 1, name: 'Lamp', quantity: 3 }])
    })
    await place.until('view_cart')
    await tab.click('.ajax_add_to_cart_block')
    await place.until('add_to_cart')
    await tab.evaluate(() => {
      const { shopKnown } = window as unknown as { shopKnown(items: object[]): void }
      shopKnown([{ key: 'k1', id: 1, name: 'Lamp', quantity: 1 }])
    })
    await place.until('remove_from_cart', 2)
    await everything(stage, tab)
    const lamp = { item_id: '1', item_name: 'Lamp', price: 59 }
    const oak = { item_id: '7', item_name: 'Oak & ash', price: 59, quantity: 1 }
    expect(toldOfShop(place)).toEqual([
      ['view_cart', { currency: 'NOK', items: [{ ...lamp, quantity: 3 }] }],
      ['add_to_cart', { currency: 'NOK', value: 59, items: [oak] }],
      ['remove_from_cart', { currency: 'NOK', value: 118, items: [{ ...lamp, quantity: 2 }] }],
      ['remove_from_cart', { currency: 'NOK', value: 59, items: [oak] }],
    ])
  },

  'WooCommerce: cart, checkout, order and wishes; of the person nothing': async stage => {
    const { place, open } = stage
    serveScripts(place)
    const head = adapter(place, 'data-currency="EUR"') + place.tag()
    place.page('/', '')
    const cart = `<form class="woocommerce-cart-form" action="/cart/" method="post"><table class="shop_table cart">${row(42, 'Arc lamp', '340.00')}</table></form>`
    place.page('/cart/', page({ head, classes: 'woocommerce-cart', main: cart + HASTE }))
    const field = `<input name="billing_email" value="${SECRET}@example.com">`
    const review = `<table class="shop_table woocommerce-checkout-review-order-table"><tbody><tr class="cart_item">
      <td class="product-name">Arc lamp&nbsp; <strong class="product-quantity">&times;&nbsp;1</strong></td></tr></tbody></table>`
    const checkout = `<form name="checkout" class="checkout woocommerce-checkout">${field}${review}</form>`
    place.page('/checkout/', page({ head, classes: 'woocommerce-checkout', main: checkout + HASTE }))
    place.page(
      '/checkout/order-received/2041/',
      page({ head, classes: 'woocommerce-order-received', main: THANKS + HASTE }),
    )
    place.page('/shop/', page({ head, main: `<ul class="products">${card(12, 'Shade', '49.50')}</ul>${HASTE}` }))
    // Pages left at once: what they have to tell is told.
    const tab = await open('/cart/')
    await place.until('page_view')
    await tab.go(`${place.origin}/checkout/`)
    await place.until('page_view', 2)
    await tab.go(`${place.origin}/checkout/order-received/2041/`)
    await place.until('page_view', 3)
    await tab.go(`${place.origin}/shop/`)
    await place.until('page_view', 4)
    await tab.click('.tinvwl_add_to_wishlist_button')
    await place.until('add_to_wishlist')
    await tab.click('.add_to_wishlist')
    await place.until('add_to_wishlist', 2)
    await everything(stage, tab)
    const wish = [
      'add_to_wishlist',
      { currency: 'EUR', value: 49.5, items: [{ item_id: '12', item_name: 'Shade', price: 49.5 }] },
    ]
    expect(toldOfShop(place)).toEqual([
      ['view_cart', { currency: 'EUR', items: [{ item_id: '42', item_name: 'Arc lamp', price: 340 }] }],
      ['begin_checkout', { currency: 'EUR', items: [{ item_name: 'Arc lamp' }] }],
      [
        'purchase',
        {
          transaction_id: '2041',
          currency: 'EUR',
          value: 1439.5,
          items: [
            { item_name: 'Arc lamp', quantity: 4, price: 340 },
            { item_name: 'Shade', quantity: 1, price: 49.5 },
          ],
        },
      ],
      wish,
      wish,
    ])
    expect(sent(place)).not.toContain(SECRET)
  },
} satisfies Behaviours
