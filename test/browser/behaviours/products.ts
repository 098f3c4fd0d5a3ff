import { expect } from 'vitest'
import { HASTE, type Behaviours } from './behaviour.ts'

const LAMP = { item_id: 'A1', item_name: 'Arc lamp', price: 340 }

const linked = `<script type="application/ld+json">${JSON.stringify({
  '@context': 'https://schema.org',
  '@type': 'Product',
  name: 'Arc lamp',
  sku: 'A1',
  offers: { '@type': 'Offer', price: '340.00', priceCurrency: 'EUR' },
})}</script>`

const marked = `<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Arc lamp</h1><meta itemprop="sku" content="A1">
  <div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" content="340">
  <meta itemprop="priceCurrency" content="EUR"></div><input itemprop="mpn" value="sentinel-4711"></div>`

/** What pages and banners say is no matter of the engine. */
export const only = 'chromium'

export default {
  'Schema.org data of a page: its product is seen, and known where an event says less': async stage => {
    const { place, open } = stage
    const adapter = `<script async src="${place.line.origin}/leadlight-schema.js"></script>`
    const button =
      '<button data-ll-event="add_to_cart">Buy</button><button data-ll-event="add_to_wishlist" data-ll-item_id="other">Wish</button>'
    place.page('/', place.tag() + linked + button + adapter + HASTE)
    place.page('/marked', adapter + marked + place.tag() + HASTE)
    const tab = await open()
    await place.until('view_item')
    await tab.click('button')
    await tab.click('button + button')
    const [bought] = await place.until('add_to_cart')
    const [wished] = await place.until('add_to_wishlist')
    expect(bought!.properties).toEqual({ currency: 'EUR', ...LAMP })
    expect(wished!.properties).toEqual({ item_id: 'other' })
    await tab.go(`${place.origin}/marked`)
    await place.until('view_item', 2)
    for (const { properties } of place.events('view_item')) {
      expect(properties).toEqual({ adapter: 'schema', currency: 'EUR', value: 340, items: [LAMP] })
    }
    expect(place.line.requests.map(({ body }) => body).join('')).not.toContain('sentinel-4711')
  },
} satisfies Behaviours
