import { createAdapter, listenToScript } from './adapter.ts'
import { product, sale } from './product.ts'

// Products by the Schema.org data of a page, whatever shop system wrote it: `view_item` where a page is about a product,
// and what is known of that product on events of it that say less, such as `data-ll-event="add_to_cart"`.

const { tell, onView } = createAdapter('schema')

onView(() =>
  tell('view_item', () => {
    const seen = product()
    return seen && sale(seen)
  }),
)

/** Events that are of the page's product, unless they name another. */
const OF_A_PRODUCT = /^(add_to|remove_from)_(cart|wishlist)$|^begin_checkout$|^request_|^(demo_use|test_drive)$/

listenToScript(event => {
  const { type, properties: given = {} } = event
  if (!OF_A_PRODUCT.test(type) || given['items'] || given['item_name']) return
  const seen = product()
  if (!seen || (given['item_id'] ?? seen.item.item_id) !== seen.item.item_id) return
  event.properties = JSON.parse(JSON.stringify({ currency: seen.currency, ...seen.item, ...given }))
})
