import type { Item } from '../event-properties.ts'
import { guard } from '../guard.ts'
import { amount } from './amount.ts'

/** A node of Schema.org's, as JSON-LD has it. */
type Node = Record<string, unknown>

/** A product, and in what its price is. */
export interface Product {
  item: Item
  /** ISO 4217. */
  currency?: string
}

/** A product and what is one, too; a group of variants. `https://schema.org/Product`, `schema:Product` or plain. */
const PRODUCT = /(^|[/:])(IndividualProduct|Product(Group|Model)?|SomeProducts|Vehicle|Car|Motorcycle)$/

/** Characters kept of a text. */
const LENGTH = 200

/**
 * The product that the page is about, by its Schema.org data: JSON-LD, else microdata. None on a list of products.
 */
export function product(): Product | undefined {
  const found = [...linked(), ...marked()]
  const here = found.filter(node => [node['@id'], node['url'], ...offers(node).map(({ url }) => url)].some(isHere))
  const [first] = here.length > 0 ? here : found
  // Two descriptions may be of one product: a theme's and a plug-in's.
  if (!first || (here.length === 0 && found.some(({ name }) => text(name) !== text(first['name'])))) return undefined
  const seen = read(first)
  return seen.item.item_id || seen.item.item_name ? seen : undefined
}

/** An event of that product, as GA4 has it. */
export const sale = ({ item, currency }: Product) => ({
  currency,
  value: item.price === undefined ? undefined : Math.round(item.price * (item.quantity ?? 1) * 100) / 100,
  items: [item],
})

const list = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value].flat())

const nodes = (value: unknown): Node[] => list(value).filter(each => each && typeof each === 'object') as Node[]

const isProduct = ({ '@type': type }: Node) => list(type).some(each => PRODUCT.test(String(each)))

function text(value: unknown): string | undefined {
  const [first] = list(value)
  const shown = typeof first === 'string' || typeof first === 'number' ? first : (first as Node | undefined)?.['name']
  const trimmed = (typeof shown === 'number' ? String(shown) : typeof shown === 'string' ? shown : '').trim()
  return trimmed.slice(0, LENGTH) || undefined
}

const isHere = (url: unknown) =>
  typeof url === 'string' &&
  guard(() => {
    const { pathname, origin } = new URL(url, document.baseURI)
    return origin + pathname === location.origin + location.pathname
  })

/** Offers, or the one that sums many up. */
const offers = (node: Node) => nodes(node['offers'])

function read(node: Node): Product {
  // Of a group, the variant that the address names, else the first.
  const variants = nodes(node['hasVariant'])
  const variant =
    variants.find(each =>
      offers(each).some(({ url }) => guard(() => new URL(String(url), location.href).href) === location.href),
    ) ?? variants[0]
  const given = { ...variant, ...node }
  const [offer = {}] = [...offers(node), ...nodes(variant?.['offers'])]
  const [specified = {}] = nodes(offer['priceSpecification'])
  const price = text(offer['price'] ?? specified['price'] ?? offer['lowPrice'])
  return {
    item: {
      item_id: ['sku', 'productID', 'productGroupID', 'mpn', 'gtin', 'gtin13', '@id']
        .map(key => text(given[key]))
        .find(Boolean),
      item_name: text(node['name']),
      item_brand: text(node['brand']),
      item_category: text(node['category']),
      // A number is written with a point here, whatever the country; not by everybody.
      price: Number.isFinite(Number(price ?? NaN)) ? Number(price) : amount(price),
    },
    currency: text(offer['priceCurrency'] ?? specified['priceCurrency']),
  }
}

/** Products at the top of the page's JSON-LD. */
function linked(): Node[] {
  const scripts = document.querySelectorAll('script[type="application/ld+json"]')
  return [...scripts].flatMap(script => guard(() => top(JSON.parse(script.textContent))) ?? [])
}

const top = (value: unknown): Node[] =>
  nodes(value).flatMap(node => (isProduct(node) ? [node] : [...top(node['@graph']), ...top(node['mainEntity'])]))

/** Products at the top of the page's microdata, as JSON-LD would have them. */
function marked(): Node[] {
  return [...document.querySelectorAll('[itemscope][itemtype]')]
    .filter(scope => !scope.matches('[itemprop],[data-ll-ignore] *') && PRODUCT.test(scope.getAttribute('itemtype')!))
    .map(described)
}

function described(scope: Element): Node {
  const node: Node = { '@type': scope.getAttribute('itemtype') }
  for (const element of scope.querySelectorAll('[itemprop]')) {
    if (element.parentElement!.closest('[itemscope]') !== scope) continue
    const name = element.getAttribute('itemprop')!
    node[name] = [...list(node[name]), element.matches('[itemscope]') ? described(element) : shown(element)]
  }
  return node
}

/** What an element says as a property: never what somebody enters. */
const shown = (element: Element) =>
  ['content', 'href', 'src'].map(name => element.getAttribute(name)).find(value => value !== null) ??
  (element.matches('input,select,textarea') ? '' : element.textContent)
