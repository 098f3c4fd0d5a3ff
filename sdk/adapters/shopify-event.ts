import type { Given } from '../emit.ts'
import type { Item } from '../event-properties.ts'

/** Money, as Shopify's customer events have it. */
interface Money {
  amount: number
  currencyCode: string
}
interface Variant {
  title?: string | null
  price?: Money
  product?: { id?: string | null; title?: string; vendor?: string; type?: string | null }
}
interface Line {
  merchandise?: Variant
  quantity?: number
}
interface LineItem {
  variant?: Variant | null
  title?: string
  quantity?: number
}
interface Checkout {
  currencyCode?: string
  token?: string
  order?: { id?: string | null } | null
  lineItems?: LineItem[]
  totalPrice?: Money | null
  totalTax?: Money
  shippingLine?: { price?: Money } | null
}

/** A customer event, as far as it is needed. What a person has entered stands there too, and is left there. */
export interface PixelEvent {
  name: string
  clientId?: string
  timestamp?: string
  context?: { document?: { title?: string; referrer?: string; location?: { href?: string; pathname?: string } } }
  data?: {
    productVariant?: Variant
    cartLine?: Line | null
    cart?: { lines?: Line[]; cost?: { totalAmount?: Money } } | null
    collection?: { id?: string; title?: string; productVariants?: Variant[] }
    checkout?: Checkout
  }
}

function itemOf(variant: Variant | null | undefined, quantity?: number, title?: string): Item {
  const { product, price, title: name } = variant ?? {}
  return {
    item_id: product?.id ?? undefined,
    item_name: product?.title ?? title,
    item_brand: product?.vendor || undefined,
    item_category: product?.type || undefined,
    // What a product without variants has.
    item_variant: name && name !== 'Default Title' ? name : undefined,
    price: price?.amount,
    quantity,
  }
}

const cents = (amount: number | undefined) => (amount === undefined ? undefined : Math.round(amount * 100) / 100)

const one = (variant: Variant | undefined, quantity?: number): Given | undefined =>
  variant && {
    currency: variant.price?.currencyCode,
    value: cents(variant.price && variant.price.amount * (quantity ?? 1)),
    items: [itemOf(variant, quantity)],
  }

const checkedOut = ({ currencyCode, totalPrice, lineItems = [] }: Checkout): Given => ({
  currency: currencyCode ?? totalPrice?.currencyCode,
  value: totalPrice?.amount,
  items: lineItems.map(({ variant, quantity, title }) => itemOf(variant, quantity, title)),
})

/** Shopify's standard events that mean something here, in GA4's words. Searches do not: they are what somebody entered. */
const MEANINGS: Record<string, [type: string, read: (data: NonNullable<PixelEvent['data']>) => Given | undefined]> = {
  page_viewed: ['page_view', () => ({})],
  product_viewed: ['view_item', ({ productVariant }) => one(productVariant)],
  product_added_to_cart: ['add_to_cart', ({ cartLine }) => one(cartLine?.merchandise, cartLine?.quantity)],
  product_removed_from_cart: ['remove_from_cart', ({ cartLine }) => one(cartLine?.merchandise, cartLine?.quantity)],
  collection_viewed: [
    'view_item_list',
    ({ collection }) =>
      collection && {
        item_list_id: collection.id,
        item_list_name: collection.title,
        items: collection.productVariants?.map(variant => itemOf(variant)),
      },
  ],
  cart_viewed: [
    'view_cart',
    ({ cart }) =>
      cart
        ? {
            currency: cart.cost?.totalAmount?.currencyCode,
            value: cart.cost?.totalAmount?.amount,
            items: cart.lines?.map(({ merchandise, quantity }) => itemOf(merchandise, quantity)),
          }
        : undefined,
  ],
  checkout_started: ['begin_checkout', ({ checkout }) => checkout && checkedOut(checkout)],
  checkout_shipping_info_submitted: ['add_shipping_info', ({ checkout }) => checkout && checkedOut(checkout)],
  payment_info_submitted: ['add_payment_info', ({ checkout }) => checkout && checkedOut(checkout)],
  checkout_completed: [
    'purchase',
    ({ checkout }) =>
      checkout && {
        transaction_id: checkout.order?.id ?? checkout.token,
        tax: checkout.totalTax?.amount,
        shipping: checkout.shippingLine?.price?.amount,
        ...checkedOut(checkout),
      },
  ],
}

/** Names of the events that are listened to. */
export const EVENTS: readonly string[] = Object.keys(MEANINGS)

/** What such an event is for us; nothing, if it is none of ours. */
export function eventOf(name: string, { data = {} }: PixelEvent): { type: string; properties: Given } | undefined {
  if (!Object.hasOwn(MEANINGS, name)) return undefined
  const [type, read] = MEANINGS[name]!
  const properties = read(data)
  return properties && { type, properties }
}
