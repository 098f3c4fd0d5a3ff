// @vitest-environment happy-dom
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { product, sale } from '../../sdk/adapters/product.ts'

const json = (...nodes: object[]) =>
  nodes.map(node => `<script type="application/ld+json">${JSON.stringify(node)}</script>`).join('')

const LAMP = { item_id: 'A1', item_name: 'Arc lamp', price: 340 }
const lamp = { '@type': 'Product', name: 'Arc lamp', sku: 'A1' }
const offer = { '@type': 'Offer', price: '340.00', priceCurrency: 'EUR' }
const EUR = { currency: 'EUR', value: 340 }

/** Addresses, what is written there, and what is seen. */
const PAGES: Record<string, [html: string, seen?: object]> = {
  '/plain': [json({ '@context': 'https://schema.org', ...lamp, offers: offer }), { ...EUR, items: [LAMP] }],
  '/graph': [
    json({
      '@context': 'https://schema.org',
      '@graph': [
        { '@type': 'WebSite', name: 'Shop' },
        { ...lamp, brand: { '@type': 'Brand', name: 'Lys' }, offers: [offer] },
      ],
    }),
    { ...EUR, items: [{ ...LAMP, item_brand: 'Lys' }] },
  ],
  '/list': [
    json([
      {
        '@type': ['Product', 'Thing'],
        name: 'Car',
        productID: 7,
        category: 'Vans',
        offers: { '@type': 'AggregateOffer', lowPrice: 99.5, highPrice: 120, priceCurrency: 'NOK' },
      },
    ]),
    { currency: 'NOK', value: 99.5, items: [{ item_id: '7', item_name: 'Car', item_category: 'Vans', price: 99.5 }] },
  ],
  '/group?variant=1': [
    json({
      '@type': 'http://schema.org/ProductGroup',
      productGroupID: 'G',
      name: 'Arc lamp',
      hasVariant: [
        {
          '@type': 'Product',
          sku: 'A0',
          name: 'Arc lamp, brass',
          offers: { ...offer, price: 1, url: '/group?variant=0' },
        },
        { '@type': 'Product', sku: 'A1', name: 'Arc lamp, black', offers: { ...offer, url: '/group?variant=1' } },
      ],
    }),
    { ...EUR, items: [LAMP] },
  ],
  '/of-many': [
    json(
      { '@type': 'Product', name: 'Shade', offers: { ...offer, url: '/shade' } },
      { ...lamp, '@id': '/of-many#product', offers: offer },
    ),
    { ...EUR, items: [LAMP] },
  ],
  '/microdata': [
    `<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name"> Arc lamp </h1><meta itemprop="sku" content="A1">
      <div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><span itemprop="price" content="340">340,-</span>
        <meta itemprop="priceCurrency" content="EUR"><input itemprop="sku" value="sentinel-4711"></div>
      <div itemprop="isRelatedTo" itemscope itemtype="https://schema.org/Product"><span itemprop="name">Shade</span></div></div>`,
    { ...EUR, items: [LAMP] },
  ],
  '/several': [json({ ...lamp, offers: offer }, { '@type': 'Product', name: 'Shade', sku: 'B' })],
  '/nonsense': [
    `<script type="application/ld+json">{ not json }</script>${json([null, 7, [], { '@type': 'Product' }, { '@graph': 'x', mainEntity: [null] }])}`,
  ],
  '/none': ['<p>Lamps</p>'],
}

const open = (path: string, html: string) => {
  history.replaceState(null, '', path)
  document.body.innerHTML = html
}

beforeEach(() =>
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL('https://shop.example/'),
)

test.for(Object.entries(PAGES))('%s', ([path, [html, seen]]) => {
  open(path, html)
  const found = product()
  expect(found && JSON.parse(JSON.stringify(sale(found)))).toEqual(seen)
})

test('whatever stands there, nothing is thrown, and what is read are texts and numbers', () => {
  const described = fc.record(
    {
      '@type': fc.constantFrom('Product', ['Product'], 'ProductGroup'),
      name: fc.jsonValue(),
      sku: fc.jsonValue(),
      brand: fc.jsonValue(),
      url: fc.jsonValue(),
      offers: fc.oneof(fc.jsonValue(), fc.array(fc.record({ price: fc.jsonValue(), priceCurrency: fc.jsonValue() }))),
      hasVariant: fc.jsonValue(),
    },
    { requiredKeys: ['@type'] },
  )
  fc.assert(
    fc.property(fc.oneof(described, fc.array(described), fc.jsonValue()), value => {
      open('/', '')
      const script = document.createElement('script')
      script.type = 'application/ld+json'
      script.textContent = JSON.stringify(value)
      document.body.append(script)
      const found = product()
      for (const fact of Object.values(found?.item ?? {}))
        expect(['string', 'number', 'undefined']).toContain(typeof fact)
      expect(['string', 'undefined']).toContain(typeof found?.currency)
    }),
  )
})
