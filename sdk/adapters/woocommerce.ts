import type { Item } from '../event-properties.ts'
import { guard, later } from '../guard.ts'
import { listen } from '../listen.ts'
import { listenOn } from '../target.ts'
import { createAdapter, ready } from './adapter.ts'
import { amount } from './amount.ts'
import { product, sale } from './product.ts'
import { cartItems, watchCart } from './woocommerce-cart.ts'
import { order } from './woocommerce-order.ts'

// WooCommerce, classic and with blocks, and its wishlist plug-ins. Told are products seen, put into the cart and taken
// out of it, wishes, the cart, the checkout and the order. An item is named by the product's number. Values of fields are
// not read, quantities included: what was chosen is known by the shop's own events and cart.

const { tell, onView } = createAdapter('woocommerce')

/** ISO 4217, by the tag; else as the shop's blocks or its product data have it. */
const given = (document.currentScript as HTMLScriptElement | null)?.dataset['currency']

const currency = (): string | undefined =>
  given ||
  guard(() => (window as { wcSettings?: { currency: { code: string } } }).wcSettings!.currency.code) ||
  product()?.currency

const words = (node?: ChildNode | null): string | undefined => node?.textContent?.trim().slice(0, 200) || undefined

const sold = (item: Item) => sale({ item, currency: currency() })

/** What buttons that put something into the cart have in common, wherever they stand. */
const BUTTON = '.add_to_cart_button[data-product_id],.single_add_to_cart_button'

/** What was asked for last: the shop's events say that it worked, but not always what. */
let wanted: Item | undefined

/** Variations that were chosen, as WooCommerce says it, by their form. */
const variations = new WeakMap<Element, { variation_id?: number; sku?: string; display_price?: number }>()

/** The product of a card in a list, or of a row in the cart, by the button in it. */
function listed(button: Element, item_id: string | undefined): Item {
  const card = button.closest(
    '.product,.wc-block-product,.wc-block-grid__product,.cart_item,.woocommerce-mini-cart-item,[data-row-id]',
  )
  const shown = (selector: string) => card?.querySelector(selector)
  return {
    item_id,
    item_name: words(
      shown('.woocommerce-loop-product__title,.wp-block-post-title,.wc-block-grid__product-title,.product_title') ??
        shown('.product-name a') ??
        // The checkout has the quantity behind it.
        shown('.product-name')?.firstChild ??
        shown('h2,h3') ??
        shown('a:not(.remove)[href]'),
    ),
    price: amount(words(shown('ins .amount') ?? shown('.amount'))),
    quantity: Number(button.getAttribute('data-quantity')) || undefined,
  }
}

/** The product of the page, with the variation that is chosen. */
function own(form: Element, { variation_id, sku, display_price } = variations.get(form) ?? {}): Item {
  const item_id =
    form.getAttribute('data-product_id') ||
    form.querySelector('button[name="add-to-cart"]')?.getAttribute('value') ||
    /\bpostid-(\d+)/.exec(document.body.className)?.[1]
  const described = product()?.item
  return {
    ...described,
    item_id: item_id ?? described?.item_id,
    item_name: described?.item_name ?? words(document.querySelector('.product_title')),
    item_variant: sku || (variation_id && String(variation_id)) || undefined,
    price: display_price ?? described?.price,
  }
}

const isOrdered = (form: Element) => form.matches('form.cart,form.wc-block-add-to-cart-with-options')

function itemOf(button: Element): Item {
  const form = button.closest('form')
  return form && isOrdered(form) ? own(form) : listed(button, button.getAttribute('data-product_id') ?? undefined)
}

function put(source: string, item = wanted) {
  if (item) tell('add_to_cart', () => sold(item), source, item.item_id)
}

listenOn('click', BUTTON, (button, event) => {
  watch()
  if (button.matches('.disabled,[disabled],[aria-disabled=true]')) return
  const item = (wanted = itemOf(button))
  const href = button.getAttribute('href') ?? ''
  // A link that no script has taken over; one to a product with choices puts nothing into the cart.
  if (/[?&]add-to-cart=/.test(href)) later(() => event.defaultPrevented || put('link', item))
})
listenOn('submit', 'form', (form, event) => {
  if (!isOrdered(form)) return
  const item = (wanted = own(form))
  later(() => event.defaultPrevented || put('link', item))
})
// Each kind of page tells of it in its own way, and they translate each other's.
listen('wc-blocks_added_to_cart', () => put('blocks'))

listenOn('click', 'a.remove[data-product_id],.remove_from_cart_button[data-product_id]', button => {
  const item = listed(button, button.getAttribute('data-product_id')!)
  tell('remove_from_cart', () => sold(item), 'link')
})

// TI Wishlist says on its button what a click does; YITH's tells of it afterwards.
listenOn('click', '[data-tinv-wl-product],[data-product-id]', button => {
  watch()
  const item = listed(button, button.getAttribute('data-tinv-wl-product') ?? button.getAttribute('data-product-id')!)
  if (!button.matches('[data-tinv-wl-product]')) wished = item
  else if (button.matches('[data-tinv-wl-action=remove],.tinvwl-product-make-remove'))
    wish('remove_from_wishlist', item)
  else if (!button.matches('.tinvwl-product-in-list,.disabled-add-wishlist')) wish('add_to_wishlist', item)
})

let wished: Item | undefined

function wish(name: string, item = wished) {
  if (item) tell(name, () => sold(item), 'wishlist', item.item_id)
}

type Handler = (event: { target: Element }, ...given: never[]) => unknown
interface JQuery {
  on(kind: string, handler: Handler): void
}

let watched = false

/** Listens to the shop's own events, as soon as they can be: plug-ins like to hold scripts back until the first click. */
function watch() {
  guard(() => {
    const { jQuery } = window as { jQuery?: (target: unknown) => JQuery }
    if (!jQuery || watched) return
    watched = true
    const on = (kind: string, handler: Handler) =>
      jQuery(document.body).on(kind, (...all) => {
        // A returned `false` would stop the event.
        guard(() => handler(...all))
      })
    on('added_to_cart', (_, __: unknown, ___: unknown, button?: ArrayLike<Element>) =>
      put('jquery', button?.[0]?.matches(BUTTON) ? itemOf(button[0]) : wanted),
    )
    on('found_variation', ({ target }, variation: object) => variations.set(target, variation))
    on('reset_data', ({ target }) => variations.delete(target))
    on('added_to_wishlist', () => wish('add_to_wishlist'))
    on('removed_from_wishlist', () => wish('remove_from_wishlist'))
  })
  guard(() => watchCart((name, item, code) => tell(name, () => sale({ item, currency: code ?? currency() }), 'store')))
}

ready(watch)
listen('load', watch)

/** What is in the cart: as the blocks' store or the rows of a classic cart have it. */
function cart() {
  const [items, code] = cartItems() ?? [
    [...document.querySelectorAll('tr.cart_item')].map(row => {
      const link = row.querySelector('a.remove[data-product_id]') ?? row
      return listed(link, link.getAttribute('data-product_id') ?? undefined)
    }),
    undefined,
  ]
  return { currency: code ?? currency(), items: items.length > 0 ? items : undefined }
}

const is = (selector: string) => document.querySelector(selector) !== null

onView(() => {
  if (is('.woocommerce-order,.woocommerce-order-received,.wc-block-order-confirmation-summary')) {
    tell('purchase', () => order(currency()))
  } else if (is('form.woocommerce-checkout,.wp-block-woocommerce-checkout')) tell('begin_checkout', cart)
  else if (is('.woocommerce-cart-form,.wp-block-woocommerce-cart')) tell('view_cart', cart)
  else if (is('body.single-product'))
    tell('view_item', () => {
      const form = document.querySelector('form.cart,form.wc-block-add-to-cart-with-options')
      return sold(own(form ?? document.body, {}))
    })
})
