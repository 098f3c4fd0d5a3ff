import type { Item } from '../event-properties.ts'
import { guard } from '../guard.ts'

/** A line of the cart, as WooCommerce's Store API has it. */
interface Line {
  key: string
  id: number
  name: string
  quantity: number
  prices: { price: string; currency_code: string; currency_minor_unit: number }
}

interface Store {
  hasFinishedResolution(selector: string): boolean
  getCartData(): { items: Line[] }
}

interface Data {
  select(store: string): Store | undefined
  subscribe(listener: () => void): void
}

const STORE = 'wc/store/cart'

const data = () => (window as { wp?: { data?: Data } }).wp?.data

/** The lines of the cart, once it is known: of the blocks' data store. */
function lines(): Line[] | undefined {
  const store = data()?.select(STORE)
  return store?.hasFinishedResolution('getCartData') ? store.getCartData().items : undefined
}

/** The lines of the cart as items, if the page has the blocks' data store. */
export const cartItems = (): [items: Item[], currency: string | undefined] | undefined => {
  const known = guard(lines)
  return known && [known.map(line => itemOf(line)), known[0]?.prices.currency_code]
}

/** Names are HTML there. */
const plain = (html: string) => new DOMParser().parseFromString(html, 'text/html').body.textContent

const itemOf = ({ id, name, quantity, prices }: Line, changed = quantity): Item => ({
  item_id: String(id),
  item_name: plain(name),
  price: Number(prices.price) / 10 ** prices.currency_minor_unit,
  quantity: changed,
})

let subscribed = false

/** Tells of each line of the blocks' cart that becomes more or less, from when the cart is first known. */
export function watchCart(changed: (name: string, item: Item, currency: string) => void): void {
  if (subscribed || !data()?.select(STORE)) return
  subscribed = true
  let before: Line[] | undefined
  const look = () => {
    const now = lines()
    if (!now || now === before) return
    const compare = (some: Line[], others: Line[], name: string) => {
      for (const line of some) {
        const more = line.quantity - (others.find(({ key }) => key === line.key)?.quantity ?? 0)
        if (more > 0) changed(name, itemOf(line, more), line.prices.currency_code)
      }
    }
    if (before) {
      compare(now, before, 'add_to_cart')
      compare(before, now, 'remove_from_cart')
    }
    before = now
  }
  look()
  data()!.subscribe(() => guard(look))
}
