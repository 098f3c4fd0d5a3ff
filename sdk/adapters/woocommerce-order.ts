import type { Given } from '../emit.ts'
import type { Item } from '../event-properties.ts'
import { amount } from './amount.ts'

/** The order that a thank-you page confirms, classic or of blocks; of the person, nothing. `undefined` if it failed. */
export function order(currency: string | undefined): Given | undefined {
  const text = (selector: string, root: ParentNode = document) => root.querySelector(selector)?.textContent.trim()
  const number =
    text('.woocommerce-order-overview__order strong') ||
    text('.wc-block-order-confirmation-summary-list-item__value') ||
    /order-received\/(\d+)/.exec(location.pathname)?.[1]
  if (!number || document.querySelector('.woocommerce-thankyou-order-failed')) return undefined
  const rows = document.querySelectorAll('tr.order_item,tr.wc-block-order-confirmation-totals__item')
  const items = [...rows].map((row): Item => {
    const quantity = amount(text('.product-quantity', row)) ?? 1
    const total = amount(text('.product-total .amount,td:last-child .amount', row))
    return {
      item_name: (text('.product-name a', row) ?? text('.product-name', row))?.slice(0, 200),
      quantity,
      price: total === undefined ? undefined : Math.round((total / quantity) * 100) / 100,
    }
  })
  const total =
    text('.woocommerce-order-overview__total .amount') ?? text('[class*="order-confirmation-summary"] .amount')
  return { transaction_id: number, currency, value: amount(total), items }
}
