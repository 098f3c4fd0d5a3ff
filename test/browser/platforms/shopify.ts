import type { Place } from '../engines/place.ts'

// A Shopify store as its themes write it, what its cart answers, and the sandbox of its custom pixels.

/** What somebody entered: nothing of it may ever arrive. */
export const SECRET = 'sentinel-4711'
/** A number that somebody entered, too long to stand in an id by chance. */
export const SECRET_NUMBER = '471100471100'

const META = {
  currency: 'EUR',
  product: {
    id: 77,
    gid: 'gid://shopify/Product/77',
    vendor: 'Lys',
    type: 'Lamps',
    handle: 'arc',
    variants: [
      { id: 4001, price: 34000, name: 'Arc lamp - Brass', public_title: 'Brass', sku: 'ARC-1' },
      { id: 4002, price: 36000, name: 'Arc lamp - Black', public_title: 'Black', sku: 'ARC-2' },
    ],
    remote: false,
  },
  products: [
    {
      id: 88,
      vendor: 'Lys',
      type: 'Shades',
      handle: 'shade',
      variants: [{ id: 5001, price: 4950, name: 'Shade', public_title: null }],
    },
  ],
  page: { pageType: 'product', resourceType: 'product', resourceId: 77, requestId: 'x' },
}

/** What Shopify puts into every page. */
export const analytics = `<script>
  window.Shopify = window.Shopify || {}; Shopify.shop = 'lys.myshopify.com'; Shopify.currency = { active: 'EUR', rate: '1.0' }
  Shopify.routes = { root: '/' }; window.ShopifyAnalytics = { meta: ${JSON.stringify(META)} }
</script>`

const line = (
  product_id: number,
  variant_id: number,
  product_title: string,
  variant_title: string | null,
  price: number,
  quantity: number,
) => ({
  id: variant_id,
  key: `${variant_id}:abc`,
  product_id,
  variant_id,
  title: variant_title ? `${product_title} - ${variant_title}` : product_title,
  product_title,
  variant_title,
  vendor: 'Lys',
  product_type: 'Lamps',
  price,
  quantity,
  properties: { Engraving: SECRET },
})

/** What the shop answers to requests to its cart. */
export function serveCart(place: Place): void {
  const json = (path: string, answer: object) =>
    place.page(path, JSON.stringify(answer), { 'content-type': 'application/json; charset=utf-8' })
  const black = line(77, 4002, 'Arc lamp', 'Black', 36000, 3)
  const shade = line(88, 5001, 'Shade', null, 4950, 1)
  json('/cart/add', { ...black, sections: { 'cart-drawer': `<div>${SECRET}</div>` } })
  json('/nb/cart/add.js', { items: [shade] })
  const cart = { token: 'x', note: SECRET, currency: 'EUR', item_count: 2, items: [{ ...black, quantity: 1 }, shade] }
  json('/cart.js', cart)
  json('/cart/change', { ...cart, items_added: [], items_removed: [{ ...black, quantity: 2 }] })
  json('/cart/update.js', { ...cart, items: [black] })
}

/** The product form of a theme; with `requests`, it asks the shop itself, as Dawn does. */
export const productForm = (action: string, requests: boolean): string => `
  <product-form class="product-form"><form method="post" action="${action}" id="product-form-template--1__main" accept-charset="UTF-8" class="form"
    enctype="multipart/form-data" novalidate="novalidate" data-type="add-to-cart-form">
    <input type="hidden" name="form_type" value="product"><input type="hidden" name="utf8" value="✓">
    <input type="hidden" name="id" value="4001" class="product-variant-id">
    <input name="properties[Engraving]" value="${SECRET}"><input type="number" name="quantity" value="${SECRET_NUMBER}">
    <button id="add" type="submit" name="add" class="product-form__submit button">Add to cart</button>
    <input type="hidden" name="product-id" value="77"><input type="hidden" name="section-id" value="template--1__main"></form></product-form>
  ${
    requests
      ? `<script>document.querySelector('form').addEventListener('submit', event => {
          event.preventDefault()
          const body = new FormData(event.target)
          body.append('sections', 'cart-drawer')
          fetch('${action}', { method: 'POST', headers: { Accept: 'application/javascript', 'X-Requested-With': 'XMLHttpRequest' }, body })
            .then(answer => answer.json()).then(({ sections }) => { window.drawer = Object.keys(sections) })
        })</script>`
      : ''
  }`

/** Wishlist apps: Wishlist King, iWish and Swym, of which the last says itself what became of it. */
export const WISHLISTS = `
  <button type="button" class="wk-button wk-button--add" data-wk-add-product="88" title="Add to Wishlist">♡</button>
  <a href="#" class="iWishAdd" data-product="99" data-ptitle="Vase">♡</a>
  <button class="swym-button swym-add-to-wishlist-view-product product_77" data-swaction="addToWishlist" data-product-id="77" data-variant-id="4002"></button>
  <script>addEventListener('load', () => {
    const evtLayer = new EventTarget()
    const swat = { evtLayer, JSEvents: { addedToWishlist: 'sw:addedtowishlist', removedFromWishlist: 'sw:removedfromwishlist' } }
    for (const ready of window.SwymCallbacks || []) ready(swat)
    document.querySelector('[data-swaction]').addEventListener('click', () => setTimeout(() => evtLayer.dispatchEvent(
      new CustomEvent('sw:addedtowishlist', { detail: { d: { et: 4, empi: 77, epi: 4002, dt: 'Arc lamp', pr: 360, du: location.href } } }))))
  })</script>`

/** A page of the shop's own with a custom pixel, which \`pixelEvent(name, data)\` tells of something. */
export function withPixel(code: string, analyticsProcessingAllowed = true): string {
  const sandbox = `<script>
    let asked = 0
    const answers = new Map(), listeners = {}, collected = []
    // Of the page's own storage, by messages alone.
    const ask = (verb, ...given) => new Promise(resolve => { answers.set(++asked, resolve); parent.postMessage({ asked, verb, given }, '*') })
    const keys = name => ({ getItem: key => ask(name + '.getItem', key), setItem: (key, value) => ask(name + '.setItem', key, value), removeItem: key => ask(name + '.removeItem', key) })
    const browser = { cookie: { get: name => ask('cookie.get', name) }, localStorage: keys('localStorage'), sessionStorage: keys('sessionStorage') }
    const analytics = { subscribe: (name, listener) => {
      ;(listeners[name] ??= []).push(listener)
      // Shopify tells of what was before again; here, the page waits.
      setTimeout(() => parent.postMessage({ ready: true }, '*'))
    } }
    const customerPrivacy = { subscribe: (name, listener) => collected.push(listener) }
    const init = { customerPrivacy: { analyticsProcessingAllowed: ${analyticsProcessingAllowed}, marketingAllowed: false } }
    addEventListener('message', ({ data: { answer, value, event, allowed } }) => {
      if (answer) answers.get(answer)(value)
      else if (event) for (const listener of listeners[event.name] ?? []) listener(event)
      else for (const listener of collected) listener({ customerPrivacy: { analyticsProcessingAllowed: allowed } })
    })
    ;((analytics, browser, init, customerPrivacy) => { ${code} })(analytics, browser, init, customerPrivacy)
  </script>`
  return `<script>
    addEventListener('message', ({ source, data: { asked, verb, given, ready } }) => {
      if (ready) return void (window.pixelReady = true)
      const [key, value] = given
      const cookies = Object.fromEntries(document.cookie.split('; ').map(cookie => cookie.split('=')))
      source.postMessage({ answer: asked, value: verb === 'cookie.get' ? cookies[key] ?? '' : localStorage[verb.split('.')[1]](key, value) }, '*')
    })
    const tell = message => document.querySelector('#web-pixel').contentWindow.postMessage(message, '*')
    window.pixelEvent = (name, data) => tell({ event: { name, data, id: 'sh-1', clientId: '8f1bca3e-client', type: 'standard', timestamp: new Date().toISOString(),
      context: { document: { title: document.title, referrer: '', location: { href: location.href, pathname: location.pathname } }, navigator: {}, window: {} } } })
    window.pixelConsent = allowed => tell({ allowed })
  </script>
  <iframe id="web-pixel" sandbox="allow-scripts allow-forms" srcdoc="${sandbox.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
}

const variant = {
  id: '4002',
  title: 'Black',
  sku: 'ARC-2',
  price: { amount: 360, currencyCode: 'EUR' },
  product: { id: '77', title: 'Arc lamp', vendor: 'Lys', type: 'Lamps', url: '/products/arc' },
}

/** Standard events and their data, as Shopify documents them. */
export const EVENTS: [name: string, data: object][] = [
  ['page_viewed', {}],
  ['product_viewed', { productVariant: variant }],
  ['search_submitted', { searchResult: { query: SECRET, productVariants: [] } }],
  [
    'product_added_to_cart',
    { cartLine: { quantity: 2, cost: { totalAmount: { amount: 720, currencyCode: 'EUR' } }, merchandise: variant } },
  ],
  [
    'product_removed_from_cart',
    { cartLine: { quantity: 1, cost: { totalAmount: { amount: 360, currencyCode: 'EUR' } }, merchandise: variant } },
  ],
]

const checkout = {
  token: 't-1',
  email: `${SECRET}@example.com`,
  phone: SECRET,
  shippingAddress: { firstName: SECRET },
  currencyCode: 'EUR',
  lineItems: [
    { id: '1', quantity: 1, title: 'Arc lamp', variant, finalLinePrice: { amount: 360, currencyCode: 'EUR' } },
  ],
  totalPrice: { amount: 375, currencyCode: 'EUR' },
  totalTax: { amount: 60, currencyCode: 'EUR' },
  shippingLine: { price: { amount: 15, currencyCode: 'EUR' } },
}

export const CHECKOUT: [name: string, data: object][] = [
  ['page_viewed', {}],
  ['checkout_started', { checkout }],
  ['payment_info_submitted', { checkout }],
  ['checkout_completed', { checkout: { ...checkout, order: { id: '9001', customer: { id: SECRET } } } }],
]
