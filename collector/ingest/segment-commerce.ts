import type { Properties } from '../../shared/json.ts'

/** Segment's ecommerce and sign-up events (v2, and the older names of v1), by lower-case words, and GA4's names for them. */
const NAMES: Record<string, string> = {
  'products searched': 'search',
  'product list viewed': 'view_item_list',
  'viewed product category': 'view_item_list',
  'promotion viewed': 'view_promotion',
  'viewed promotion': 'view_promotion',
  'promotion clicked': 'select_promotion',
  'clicked promotion': 'select_promotion',
  'product clicked': 'select_item',
  'clicked product': 'select_item',
  'product viewed': 'view_item',
  'viewed product': 'view_item',
  'product added': 'add_to_cart',
  'added product': 'add_to_cart',
  'product removed': 'remove_from_cart',
  'removed product': 'remove_from_cart',
  'cart viewed': 'view_cart',
  'viewed cart': 'view_cart',
  'checkout started': 'begin_checkout',
  'started order': 'begin_checkout',
  'payment info entered': 'add_payment_info',
  'order completed': 'purchase',
  'completed order': 'purchase',
  'order refunded': 'refund',
  'refunded order': 'refund',
  'product added to wishlist': 'add_to_wishlist',
  'product removed from wishlist': 'remove_from_wishlist',
  'wishlist product added to cart': 'add_to_cart',
  'product shared': 'share',
  'signed up': 'sign_up',
  'signed in': 'login',
}

/** GA4's name of what a product is called by, by Segment's. */
const ITEM: Record<string, string> = {
  product_id: 'item_id',
  productId: 'item_id',
  name: 'item_name',
  brand: 'item_brand',
  category: 'item_category',
  variant: 'item_variant',
  position: 'index',
}

/** The same for what is said of an order, a list, a search. */
const EVENT: Record<string, Record<string, string>> = {
  search: { query: 'search_term' },
  view_item_list: { list_id: 'item_list_id', category: 'item_list_name' },
  select_item: { list_id: 'item_list_id' },
  view_promotion: { name: 'promotion_name', creative: 'creative_name', position: 'creative_slot' },
  add_payment_info: { payment_method: 'payment_type', order_id: 'transaction_id' },
  purchase: { order_id: 'transaction_id', orderId: 'transaction_id' },
  refund: { order_id: 'transaction_id', orderId: 'transaction_id' },
  share: { share_via: 'method' },
}
EVENT['select_promotion'] = EVENT['view_promotion']!

/** Of these, one product's fields are the event's own. */
const OF_ONE_PRODUCT = [
  'select_item',
  'view_item',
  'add_to_cart',
  'remove_from_cart',
  'add_to_wishlist',
  'remove_from_wishlist',
  'share',
]

/** An event of Segment's by GA4's name and with GA4's properties; one of any other name, as it is. */
export function inGa4Words(name: string, sent: Properties): { type: string; properties: Properties } {
  const words = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
  const type = Object.hasOwn(NAMES, words) ? NAMES[words] : undefined
  if (type === undefined) return { type: name, properties: sent }
  const { products, ...facts } = sent
  const item = OF_ONE_PRODUCT.includes(type) ? toItem(facts) : facts
  const properties = renamed(item, EVENT[type] ?? {})
  if (type === 'purchase' || type === 'refund') {
    const value = [sent['total'], sent['revenue'], sent['value']].find(
      amount => amount !== undefined && amount !== null,
    )
    if (value !== undefined) properties['value'] = value
  }
  if (Array.isArray(products))
    properties['items'] = products.map(product => (isObject(product) ? toItem(product) : product))
  else if (products !== undefined) properties['products'] = products
  return { type, properties }
}

/** A product without an id of its own is known by its stock number. */
function toItem(product: Properties): Properties {
  const item = renamed(product, ITEM)
  const { sku } = item
  if (item['item_id'] === undefined && sku !== undefined) item['item_id'] = sku
  return item
}

/** What has GA4's name already keeps its value. */
function renamed(properties: Properties, names: Record<string, string>): Properties {
  const entries = Object.entries(properties)
  const plain = entries.filter(([name]) => !Object.hasOwn(names, name))
  const other = entries
    .filter(([name]) => Object.hasOwn(names, name))
    .map(([name, value]) => [names[name]!, value] as const)
  return Object.fromEntries([...other.toReversed(), ...plain])
}

export const isObject = (value: unknown): value is Properties =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
