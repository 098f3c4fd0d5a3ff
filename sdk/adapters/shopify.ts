import type { Item } from '../event-properties.ts'
import { guard, later } from '../guard.ts'
import { listenOn } from '../target.ts'
import { createAdapter } from './adapter.ts'
import { product, sale } from './product.ts'
import { cartItems, watchCart } from './shopify-cart.ts'

// Shopify's online store, whatever its theme: products seen, put into the cart and taken out of it, the cart, and wishes.
// The checkout is Shopify's own: that it begins and how it ends, only a custom pixel is told. An item is named by the
// product's number. Values of fields are not read: what was chosen, the shop answers.

const { tell, onView } = createAdapter('shopify')

interface Variant {
  id: number
  price: number
  name?: string
  public_title?: string | null
}
interface Seen {
  id: number
  vendor?: string
  type?: string
  variants?: Variant[]
}
interface Meta {
  currency?: string
  product?: Seen
  products?: Seen[]
  page?: { pageType?: string }
}
interface Swym {
  evtLayer: EventTarget
  JSEvents: { addedToWishlist: string; removedFromWishlist: string }
}

const page = window as {
  ShopifyAnalytics?: { meta?: Meta }
  Shopify?: { currency?: { active?: string } }
  SwymCallbacks?: ((swym: Swym) => void)[]
}

const meta = (): Meta => guard(() => page.ShopifyAnalytics?.meta) ?? {}

const currency = () => guard(() => page.Shopify?.currency?.active) ?? meta().currency ?? product()?.currency

const sold = (item: Item, code = currency()) => sale({ item, currency: code })

/** A product that the page's analytics data know, as an item; with the variant, where that is known. */
function itemOf({ id, vendor, type, variants = [] }: Seen, variant?: Variant): Item {
  const { name, price, public_title } = variant ?? variants[0] ?? ({} as Partial<Variant>)
  const suffix = public_title ? ` - ${public_title}` : ''
  return {
    item_id: String(id),
    item_name: name?.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name,
    item_brand: vendor || undefined,
    item_category: type || undefined,
    item_variant: (variant && public_title) || undefined,
    price: price === undefined ? undefined : price / 100,
  }
}

/** The product of the page. */
function own(): Item | undefined {
  const { product: seen } = meta()
  return seen ? { ...product()?.item, ...given(itemOf(seen)) } : product()?.item
}

const given = (item: Item): Item => JSON.parse(JSON.stringify(item))

/** A product on the page, by its own number or by that of one of its variants; else only its number. */
function known(id: string | null, variant = id): Item | undefined {
  const { product: seen, products = [] } = meta()
  const all = seen ? [seen, ...products] : products
  for (const each of all) {
    const chosen = each.variants?.find(one => String(one.id) === variant)
    if (chosen) return itemOf(each, chosen)
    if (String(each.id) === id) return itemOf(each)
  }
  return undefined
}

watchCart((name, item, code) => tell(name, () => sold(item, code), 'request', item.item_id))

// A theme that sends the form itself is heard by its request.
listenOn('submit', 'form[action*="/cart/add"]', (form, event) => {
  // What the shop has written there, not what is there by now.
  const variant = form.querySelector('[name="id"]')?.getAttribute('value') ?? null
  const item = known(variant) ?? own()
  later(() => event.defaultPrevented || (item && tell('add_to_cart', () => sold(item), 'form', item.item_id)))
})
// Lines of the cart in themes without requests: a link takes one out.
listenOn('click', 'a[href*="/cart/change"]', (link, event) => {
  const { searchParams } = new URL(link.getAttribute('href')!, document.baseURI)
  if (searchParams.get('quantity') !== '0') return
  const [variant = ''] = (searchParams.get('id') ?? '').split(':')
  const item = known(variant) ?? { item_variant: variant || undefined }
  later(() => event.defaultPrevented || tell('remove_from_cart', () => sold(item), 'link'))
})

// Wishlist King and iWish say on their buttons what they are for; Swym tells of it afterwards.
listenOn('click', '[data-wk-add-product],.iWishAdd[data-product]', button => {
  const id = button.getAttribute('data-wk-add-product') ?? button.getAttribute('data-product')
  wish('add_to_wishlist', known(id) ?? { item_id: id ?? undefined })
})
listenOn('click', '[data-wk-remove-product]', button => {
  const id = button.getAttribute('data-wk-remove-product')
  wish('remove_from_wishlist', known(id) ?? { item_id: id ?? undefined })
})
guard(() =>
  (page.SwymCallbacks ??= []).push(swym =>
    guard(() => {
      const on = (kind: string, name: string) =>
        swym.evtLayer.addEventListener(kind, event => {
          guard(() => {
            const { empi, epi, dt, pr } = (event as CustomEvent<{ d: Record<string, string | number> }>).detail.d
            const named: Item = {
              item_id: String(empi),
              item_name: dt === undefined ? undefined : String(dt),
              price: Number(pr) || undefined,
            }
            wish(name, known(String(empi), String(epi)) ?? named)
          })
        })
      on(swym.JSEvents.addedToWishlist, 'add_to_wishlist')
      on(swym.JSEvents.removedFromWishlist, 'remove_from_wishlist')
    }),
  ),
)

function wish(name: string, item: Item) {
  tell(name, () => sold(item), 'wishlist', item.item_id)
}

function cart() {
  const [items, code] = cartItems() ?? []
  return { currency: code ?? currency(), items }
}

onView(() => {
  const { pathname } = location
  if (pathname.endsWith('/cart')) tell('view_cart', cart)
  else if (meta().page?.pageType === 'product' || /\/products\/[^/]+$/.test(pathname)) {
    tell('view_item', () => {
      const item = own()
      return item && sold(item)
    })
  }
})
