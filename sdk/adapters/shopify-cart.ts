import type { Item } from '../event-properties.ts'
import { guard } from '../guard.ts'

/** A line of the cart, as Shopify's Ajax API has it; money in hundredths. */
interface Line {
  key?: string
  product_id?: number | string
  variant_id?: number | string
  title?: string
  product_title?: string
  variant_title?: string | null
  vendor?: string
  product_type?: string
  price?: number
  quantity?: number
}

interface Answer extends Line {
  items?: Line[]
  currency?: string
  item_count?: number
  items_added?: Line[]
  items_removed?: Line[]
}

export type Changed = (name: 'add_to_cart' | 'remove_from_cart', item: Item, currency: string | undefined) => void

/** What becomes of the cart: `/cart/add`, `/nb/cart/change.js` … `/cart.js` only says how it is. */
const CART = /\/cart(?:\/(add|change|update|clear))?(?:\.js|\.json)?$/

let cart: Answer | undefined

const itemOf = (line: Line): Item => ({
  item_id: line.product_id === undefined ? undefined : String(line.product_id),
  item_name: line.product_title ?? line.title,
  item_brand: line.vendor || undefined,
  item_category: line.product_type || undefined,
  item_variant: line.variant_title || undefined,
  price: line.price === undefined ? undefined : line.price / 100,
  quantity: line.quantity,
})

/** The lines of the cart, where the theme has asked for it. */
export const cartItems = (): [items: Item[], currency: string | undefined] | undefined =>
  cart?.items && [cart.items.map(line => itemOf(line)), cart.currency]

function hear(verb: string | undefined, answer: Answer, changed: Changed): void {
  if (verb === 'add') {
    // The quantity in the answer is that of the whole line; the page's form is not read.
    for (const line of answer.items ?? [answer]) {
      if (line.product_id !== undefined)
        changed('add_to_cart', itemOf({ ...line, quantity: undefined }), cart?.currency)
    }
    return
  }
  if (!Array.isArray(answer.items) || answer.item_count === undefined) return
  const before = cart
  cart = answer
  if (!verb) return
  const tell = (name: 'add_to_cart' | 'remove_from_cart', lines: Line[]) => {
    for (const line of lines) changed(name, itemOf(line), answer.currency)
  }
  if (answer.items_removed || answer.items_added) {
    tell('add_to_cart', answer.items_added ?? [])
    tell('remove_from_cart', answer.items_removed ?? [])
  } else if (before?.items) {
    tell('add_to_cart', more(answer.items, before.items))
    tell('remove_from_cart', more(before.items, answer.items))
  }
}

/** By how much each line is more than among the others. */
const more = (lines: Line[], others: Line[]): Line[] =>
  lines.flatMap(line => {
    const quantity = (line.quantity ?? 0) - (others.find(({ key }) => key === line.key)?.quantity ?? 0)
    return quantity > 0 ? [{ ...line, quantity }] : []
  })

let heard: Promise<unknown> = Promise.resolve()

/** An answer is compared with the one before it: they are heard as they came, however long reading one of them takes. */
function hearInTurn(verb: string | undefined, answer: Answer | Promise<Answer>, changed: Changed): void {
  heard = Promise.allSettled([answer, heard]).then(([read]) =>
    guard(() => read.status === 'fulfilled' && hear(verb, read.value, changed)),
  )
}

const verbOf = (url: unknown): [verb: string | undefined] | undefined => {
  const { pathname, origin } = new URL(url instanceof Request ? url.url : String(url), document.baseURI)
  const found = origin === location.origin ? CART.exec(pathname) : null
  return found ? [found[1]] : undefined
}

/**
 * Hears what the shop answers to the theme's own requests to its cart: whatever a theme is made of, it asks these. Both
 * ways of asking go on as they did; answers that are not read by us are none the worse.
 */
export function watchCart(changed: Changed): void {
  const { fetch } = window
  window.fetch = function (this: unknown, ...given) {
    const answer: Promise<Response> = Reflect.apply(fetch, this, given)
    guard(() => {
      const asked = verbOf(given[0])
      if (!asked) return
      answer
        .then(response => response.ok && hearInTurn(asked[0], response.clone().json() as Promise<Answer>, changed))
        .catch(() => {})
    })
    return answer
  }
  const { open } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...given: unknown[]) {
    guard(() => {
      const asked = verbOf(given[1])
      const loaded = () => {
        const { response, status } = this
        const answer = (typeof response === 'string' ? JSON.parse(response) : response) as Answer
        if (status < 300) hearInTurn(asked![0], answer, changed)
      }
      if (asked) this.addEventListener('load', () => guard(loaded), { once: true })
    })
    return Reflect.apply(open, this, given) as void
  }
}
