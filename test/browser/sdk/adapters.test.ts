import { expect } from 'vitest'
import type { Site } from './site.ts'
import { everything, settled, test } from './test.ts'

const ADAPTERS = ['woocommerce', 'shopify', 'schema', 'consent']

const load = (site: Site, ...names: string[]) =>
  names.map(name => `<script src="${site.collector}/leadlight-${name}.js"></script>`).join('')

/** A page of a shop of which nothing works, and a banner that throws. */
const TRAPS = `<script>
  const fail = () => { throw new Error('trap') }
  const trap = name => Object.defineProperty(window, name, { configurable: true, get: fail, set: fail })
  for (const name of ['ShopifyAnalytics', 'SwymCallbacks', 'Cookiebot', 'OneTrust', 'UC_UI', 'didomiOnReady', '__ucCmp', 'wcSettings', 'getCkyConsent']) trap(name)
  window.jQuery = () => ({ on: fail })
  window.wp = { data: { select: fail, subscribe: fail } }
  window.cmplz_has_consent = fail
  window.__tcfapi = (command, version, done) => { done(null, true); fail() }
  window.Shopify = { loadFeatures: (features, done) => { done(); fail() }, get currency() { return fail() } }
  window.dataLayer = [null, 7, 'event', { get event() { return fail() } }, new Proxy({}, { get: fail })]
</script>`

const MARKUP = `<body class="single-product postid-1"><form class="cart" action="/cart/add" onsubmit="return false">
  <a class="add_to_cart_button ajax_add_to_cart" data-product_id="1" href="#add">Add</a><button class="single_add_to_cart_button">Buy</button></form>
  <a class="remove" data-product_id="1" href="#gone">×</a><button data-wk-add-product="1">♡</button>
  <script type="application/ld+json">{ "@graph": [{ "@type": "Product", "name": "Lamp", "offers": [null, { "price": {} }] }, </script>`

test.for([
  ['before the script', true],
  ['after it', false],
] as const)(
  'whatever a shop’s own scripts throw, %s, the page is spared, and what can be told is',
  async ([, isFirst], { page, site }) => {
    const adapters = load(site, ...ADAPTERS)
    site.page('/', TRAPS + (isFirst ? adapters + site.tag() : site.tag().replace('async', '') + adapters) + MARKUP)
    await page.goto(site.origin)
    await site.until('page_view')
    for (const selector of ['.add_to_cart_button', 'button', '.remove', '[data-wk-add-product]'])
      await page.click(selector)
    const answer = await page.evaluate(async () => {
      const request = new XMLHttpRequest()
      request.open('POST', '/cart/add.js', false)
      request.send()
      return [
        request.status,
        (await fetch('/cart/change')).status,
        await fetch('http://nowhere.invalid/cart.js').catch(() => 'refused'),
      ]
    })
    expect(answer).toEqual([404, 404, 'refused'])
    await settled()
    await everything(page, site)
    expect(site.events().map(({ type }) => type)).toEqual(
      expect.arrayContaining(['view_item', 'remove_from_cart', 'add_to_wishlist']),
    )
  },
)

test('an adapter that is loaded twice tells once, and none tells once the script has stopped', async ({
  page,
  site,
}) => {
  const product = '<script type="application/ld+json">{ "@type": "Product", "name": "Lamp", "sku": "A1" }</script>'
  site.page(
    '/',
    product +
      load(site, 'schema', 'schema') +
      site.tag() +
      load(site, 'schema', 'shopify') +
      '<button data-wk-add-product="1">♡</button>',
  )
  await page.goto(site.origin)
  await site.until('view_item')
  await everything(page, site)
  expect(site.events('view_item')).toHaveLength(1)
  await page.evaluate(() => window.leadlight.push(['stop']))
  await page.click('button')
  await settled()
  expect(await page.evaluate(() => window.leadlight)).toEqual([])
  expect(site.events('add_to_wishlist')).toEqual([])
})
