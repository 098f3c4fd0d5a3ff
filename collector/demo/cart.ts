import { html } from 'hono/html'
import { lampArt } from './art.ts'
import { CURRENCY, LAMPS, price } from './catalog.ts'
import type { Page } from './layout.ts'
import { item } from './product.ts'

/** Every lamp has its line; shop.js shows those that are in the browser's cart. */
export const cartPage: Page = {
  title: 'Cart',
  description: 'What you have put aside.',
  section: 'cart',
  main: html`
    <section class="cart narrow" aria-labelledby="cart-title">
      <h1 id="cart-title">Cart</h1>
      <noscript
        ><p>
          The cart lives in your browser and needs JavaScript. <a href="/demo/quote">Ask for a quote</a> instead.
        </p></noscript
      >
      <p data-cart="empty" class="lead">Nothing here yet. <a href="/demo#lamps">Have a look at the lamps.</a></p>
      <ul class="lines">
        ${LAMPS.map(
          lamp =>
            html`<li data-line="${lamp.slug}" data-name="${lamp.name}" data-price="${lamp.price}" hidden>
              ${lampArt(lamp.slug)}
              <div>
                <h2><a href="/demo/products/${lamp.slug}">${lamp.name}</a></h2>
                <p class="faint">${price(lamp.price)}</p>
              </div>
              <div class="amount">
                <button
                  type="button"
                  aria-label="One ${lamp.name} less"
                  data-less="${lamp.slug}"
                  data-ll-event="remove_from_cart"
                  ${item(lamp)}
                >
                  −
                </button>
                <output data-quantity aria-label="Number of ${lamp.name}">0</output>
                <button
                  type="button"
                  aria-label="One ${lamp.name} more"
                  data-add="${lamp.slug}"
                  data-ll-event="add_to_cart"
                  ${item(lamp)}
                >
                  +
                </button>
              </div>
            </li>`,
        )}
      </ul>
      <div data-cart="checkout" hidden>
        <p class="sum">Together <strong data-cart="total"></strong></p>
        <!-- Properties may be set by script: data-ll-value is kept up to date with the cart. -->
        <a
          class="button"
          href="/demo/thanks/checkout"
          data-cart="begin"
          data-ll-event="begin_checkout"
          data-ll-currency="${CURRENCY}"
          data-ll-value="0"
          >Check out</a
        >
      </div>
      <p class="added" role="status" data-added></p>
    </section>
  `,
}
