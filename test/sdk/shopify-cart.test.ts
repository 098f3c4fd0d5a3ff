// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { watchCart } from '../../sdk/adapters/shopify-cart.ts'

const cart = (quantity: number) => ({
  item_count: quantity,
  currency: 'EUR',
  items: [{ key: '4002:a', product_id: 77, quantity }],
})

test('answers of the cart are compared in the order in which they came, however long reading one takes', async () => {
  const slow = Promise.withResolvers<object>()
  const answers = [Promise.resolve(cart(1)), slow.promise, Promise.reject(new Error('torn')), Promise.resolve(cart(5))]
  window.fetch = async () => {
    const json = () => answers.shift()!
    return { ok: true, clone: () => ({ json }) } as unknown as Response
  }
  const told: string[] = []
  watchCart((name, { quantity }) => told.push(`${name} ${quantity}`))
  await window.fetch('/cart.js')
  await window.fetch('/cart/change.js')
  await window.fetch('/cart/change.js')
  await window.fetch('/cart/update.js')
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(told).toEqual([])
  slow.resolve(cart(3))
  await vi.waitUntil(() => told.length === 2)
  expect(told).toEqual(['add_to_cart 2', 'add_to_cart 2'])
})
