import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { analytics, productForm, serveCart, WISHLISTS } from '../platforms/shopify.ts'
import { PATIENCE, toldOfShop } from '../platforms/told.ts'
import { described, page, row, serveScripts, variable } from '../platforms/woocommerce.ts'
import { everything, HASTE, type Behaviours } from './behaviour.ts'

/** Who has told first is no matter of the engine. */
export const only = 'chromium'

const SHADE = { item_id: '88', item_name: 'Shade', item_brand: 'Lys', item_category: 'Shades', price: 49.5 }
const BLACK = {
  item_id: '77',
  item_name: 'Arc lamp',
  item_brand: 'Lys',
  item_category: 'Lamps',
  item_variant: 'Black',
  price: 360,
}

export default {
  'WooCommerce with a data layer that tells of the same: each once, as the data layer has it': async stage => {
    const { place, open } = stage
    serveScripts(place)
    // As the plug-ins for Google Tag Manager do: before the page is read, at the click, or once it has worked.
    const layer = `<script>
      dataLayer = [{ event: 'view_item', ecommerce: { currency: 'EUR', value: 1, items: [{ item_id: 'ARC' }] } }]
      const push = (event, item_id) => dataLayer.push({ event, ecommerce: { items: [{ item_id }] } })
      document.addEventListener('click', ({ target }) => {
        if (target.matches('.ajax_add_to_cart')) push('add_to_cart', target.dataset.product_sku)
      }, true)
      addEventListener('DOMContentLoaded', () => {
        jQuery(document.body).on('removed_from_cart', () => setTimeout(() => push('remove_from_cart', 'late'), 200))
        jQuery(document.body).on('added_to_wishlist', () => push('add_to_wishlist', 'wished'))
      })
    </script>`
    const late = `<script>{
      const load = () => {
        if (!window.leadlight?.track) return setTimeout(load, 20)
        const script = document.createElement('script')
        script.src = '${place.line.origin}/leadlight-woocommerce.js'
        setTimeout(() => document.head.append(script), 100)
      }
      load()
    }</script>`
    const remove = row(12, 'Shade', '49.50').replace('class="remove"', 'class="remove remove_from_cart_button"')
    place.page(
      '/',
      page({
        head: layer + place.tag() + late + described('/'),
        classes: 'single-product postid-42',
        main: `${variable(42)}<table>${remove}</table>${HASTE}`,
      }),
    )
    const tab = await open()
    await place.until('view_item')
    await wait(PATIENCE)
    await tab.click('.related .ajax_add_to_cart')
    await tab.click('.remove_from_cart_button')
    await tab.click('.add_to_wishlist')
    await wait(PATIENCE)
    await everything(stage, tab)
    expect(toldOfShop(place).toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
      ['add_to_cart', { items: [{ item_id: 'SKU-12' }], by: 'the page' }],
      ['add_to_wishlist', { items: [{ item_id: 'wished' }], by: 'the page' }],
      ['remove_from_cart', { items: [{ item_id: 'late' }], by: 'the page' }],
      ['view_item', { currency: 'EUR', value: 1, items: [{ item_id: 'ARC' }], by: 'the page' }],
    ])
  },

  'Shopify with wishlist apps, and a data layer that tells of the same: each once': async stage => {
    const { place, open } = stage
    serveCart(place)
    const layer = `<script>
      dataLayer = [{ event: 'view_item', ecommerce: { items: [{ item_id: 'layer' }] } }]
      addEventListener('click', ({ target }) => target.id === 'add' && dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: 'layer' }] } }))
    </script>`
    const adapter = `<script async src="${place.line.origin}/leadlight-shopify.js"></script>`
    const main = productForm('/cart/add', true) + WISHLISTS
    place.page('/products/arc', layer + analytics + adapter + place.tag() + main + HASTE)
    const tab = await open('/products/arc')
    await place.until('view_item')
    await tab.click('#add')
    await tab.click('.wk-button')
    await tab.click('.iWishAdd')
    await tab.click('.swym-button')
    await wait(PATIENCE)
    await everything(stage, tab)
    expect(toldOfShop(place)).toEqual([
      ['view_item', { items: [{ item_id: 'layer' }], by: 'the page' }],
      ['add_to_cart', { items: [{ item_id: 'layer' }], by: 'the page' }],
      ['add_to_wishlist', { currency: 'EUR', value: 49.5, items: [SHADE] }],
      ['add_to_wishlist', { currency: 'EUR', items: [{ item_id: '99' }] }],
      ['add_to_wishlist', { currency: 'EUR', value: 360, items: [BLACK] }],
    ])
  },
} satisfies Behaviours
