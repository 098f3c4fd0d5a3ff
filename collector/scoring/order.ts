import type { StoredEvent } from '../../shared/event.ts'
import { keyOf, property } from './field.ts'

/** The orders that a fold remembers, the latest last; of so many others, the first may be told again as though it were new. */
export type Orders = readonly string[]

export const NO_ORDERS: Orders = []
const MOST = 32

/**
 * Which order an event tells of; `''` when it tells of none. A thank-you page that is loaded again,
 * a data layer that is replayed and the shop's own server tell of the same order under other event ids.
 */
export function orderOf(event: StoredEvent): string {
  if (event.type !== 'purchase') return ''
  return keyOf(property(event, 'transaction_id'))
}

/** What is remembered after one more order, which must be a new one. */
export const addToOrders = (orders: Orders, order: string): Orders =>
  order === '' ? orders : [...orders, order].slice(-MOST)
