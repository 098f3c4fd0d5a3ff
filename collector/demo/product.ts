import { html } from 'hono/html'
import { lampArt } from './art.ts'
import { CURRENCY, LAMPS, price, type Lamp } from './catalog.ts'
import type { Html, Page } from './layout.ts'

/** What an event on this lamp carries, in GA4's words: each `data-ll-…` attribute becomes a property. */
export const item = (lamp: Lamp): Html =>
  html`data-ll-item_id="${lamp.slug}" data-ll-item_name="${lamp.name}" data-ll-price="${lamp.price}"
  data-ll-currency="${CURRENCY}"`

export const productPage = (lamp: Lamp): Page => ({
  title: lamp.name,
  description: lamp.line,
  section: 'lamps',
  main: html`
    <article class="product">
      <div class="stage">
        ${lampArt(lamp.slug)}
        <!-- Trying something out is a demo_use. Any element may carry an event, under any name. -->
        <label class="switch">
          <input type="checkbox" role="switch" data-ll-event="demo_use" ${item(lamp)} />
          <span>Switch it on</span>
        </label>
      </div>
      <div class="product-text">
        <h1>${lamp.name}</h1>
        <p class="lead">${lamp.line}</p>
        <p class="price">${price(lamp.price)} <span class="faint">incl. VAT</span></p>
        <!-- data-ll-event names the event, the other data-ll- attributes are its properties. -->
        <p class="actions">
          <button type="button" class="button" data-add="${lamp.slug}" data-ll-event="add_to_cart" ${item(lamp)}>
            Add to cart
          </button>
          <button
            type="button"
            class="button ghost wish"
            data-wish="${lamp.slug}"
            aria-pressed="false"
            data-ll-event="add_to_wishlist"
            ${item(lamp)}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
              <path
                d="M12 20.500 4.200 12.700a4.900 4.900 0 0 1 6.900-6.900l.9.9.9-.9a4.900 4.900 0 0 1 6.900 6.900Z"
              />
            </svg>
            <span>Wishlist</span>
          </button>
        </p>
        <p class="added" role="status" data-added></p>
        ${lamp.text.map(paragraph => html`<p>${paragraph}</p>`)}
        <dl class="facts">
          ${lamp.facts.map(
            ([label, value]) =>
              html`<div>
                <dt>${label}</dt>
                <dd>${value}</dd>
              </div>`,
          )}
        </dl>
        <ul class="more">
          <!-- Downloads and links that leave the site are kept without a mark. -->
          <li>
            <a href="/demo/brochure.pdf" download="skumring-specification.pdf"
              >Specification with photometry (PDF, 2 pages)</a
            >
          </li>
          <li><a href="/demo/quote?lamp=${lamp.slug}">Quote for ten or more</a></li>
          <li>
            <a href="https://en.wikipedia.org/wiki/Color_rendering_index" rel="noopener" target="_blank"
              >What CRI means (Wikipedia, new tab)</a
            >
          </li>
        </ul>
      </div>
    </article>
    <section class="shelf" aria-labelledby="others-title">
      <h2 id="others-title">Hang beside it</h2>
      <ul class="cards">
        ${neighbours(lamp).map(
          other =>
            html`<li class="card">
              ${lampArt(other.slug)}
              <div class="card-text">
                <h3><a href="/demo/products/${other.slug}">${other.name}</a></h3>
                <p class="price">${price(other.price)}</p>
              </div>
            </li>`,
        )}
      </ul>
    </section>
  `,
})

const neighbours = (lamp: Lamp): Lamp[] => {
  const at = LAMPS.indexOf(lamp)
  return [1, 2, 3].map(step => LAMPS[(at + step) % LAMPS.length]!)
}
