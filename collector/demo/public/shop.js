// @ts-check
// The shop's own script: cart and wishlist, kept in the browser. Not a line of it is about tracking,
// but for two attributes that are kept true: what the wishlist button will do, and what the cart is worth.
import { keep, recall } from './memory.js'

/** @type {{ cart: Record<string, number>, wishes: string[] }} */
let goods = { cart: {}, wishes: [] }

const load = () => {
  goods = recall('localStorage', 'skumring', { cart: {}, wishes: [] })
  show()
}

const save = () => {
  keep('localStorage', 'skumring', goods)
  show()
}

/** @param {string} selector @param {(element: HTMLElement) => void} change */
const each = (selector, change) => {
  for (const element of document.querySelectorAll(selector)) if (element instanceof HTMLElement) change(element)
}

/** @param {string} text */
const say = text => each('[data-added]', place => (place.textContent = text))

/** @param {number} amount */
const money = amount =>
  new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR', minimumFractionDigits: 0 }).format(amount)

function show() {
  let total = 0
  each('[data-line]', line => {
    const quantity = goods.cart[line.dataset.line ?? ''] ?? 0
    total += quantity * Number(line.dataset.price)
    line.hidden = quantity === 0
    const output = line.querySelector('[data-quantity]')
    if (output) output.textContent = String(quantity)
  })
  const count = Object.values(goods.cart).reduce((sum, quantity) => sum + quantity, 0)
  each('[data-cart="count"]', badge => {
    badge.textContent = String(count)
    badge.hidden = count === 0
  })
  each('[data-cart="empty"]', note => (note.hidden = count > 0))
  each('[data-cart="checkout"]', till => (till.hidden = count === 0))
  each('[data-cart="total"]', sum => (sum.textContent = money(total)))
  each('[data-cart="begin"]', begin => begin.setAttribute('data-ll-value', String(total)))
  each('[data-wish]', button => {
    const wished = goods.wishes.includes(button.dataset.wish ?? '')
    button.setAttribute('aria-pressed', String(wished))
    button.setAttribute('data-ll-event', wished ? 'remove_from_wishlist' : 'add_to_wishlist')
  })
}

/**
 * @param {string} slug
 * @param {number} by
 * @param {string} name
 */
function put(slug, by, name) {
  const quantity = Math.max(0, (goods.cart[slug] ?? 0) + by)
  const { [slug]: _, ...others } = goods.cart
  goods.cart = quantity > 0 ? { ...others, [slug]: quantity } : others
  say(quantity > 0 ? `${name}: ${quantity} in your cart.` : `${name} is no longer in your cart.`)
  save()
}

document.addEventListener('click', event => {
  const button = event.target instanceof Element ? event.target.closest('button') : null
  if (!button) return
  const { add, less, wish, fill } = button.dataset
  const name = button.getAttribute('data-ll-item_name') ?? ''
  if (add) put(add, 1, name)
  if (less) put(less, -1, name)
  if (wish) {
    const wished = goods.wishes.includes(wish)
    goods.wishes = wished ? goods.wishes.filter(other => other !== wish) : [...goods.wishes, wish]
    say(wished ? `${name} is off your wishlist.` : `${name} is on your wishlist.`)
    save()
  }
  if (fill !== undefined && button.form) fillIn(button.form)
})

/** Ada is somebody else every time: two visitors with one address would be one person. @param {HTMLFormElement} form */
function fillIn(form) {
  const number = Math.floor(Math.random() * 9000) + 1000
  for (const field of form.querySelectorAll('input, select, textarea')) {
    if (field instanceof HTMLSelectElement) {
      if (field.name === 'country') field.value = 'NO'
      if (field.name === 'role') field.value = 'architect'
    } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
      const example = field.dataset.example
      if (example) field.value = field.type === 'email' ? example.replace('@', `+${number}@`) : example
    }
  }
}

each('[data-fill]', button => (button.hidden = false))
addEventListener('pageshow', load)
addEventListener('storage', load)
