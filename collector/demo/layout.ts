import { html } from 'hono/html'
import { PALETTE } from './art.ts'
import { asset } from './assets.ts'
import { panel } from './panel.ts'

export type Html = ReturnType<typeof html>

export interface Page {
  title: string
  description: string
  /** The section of the navigation that the page belongs to. */
  section?: 'lamps' | 'journal' | 'projects' | 'contact' | 'cart'
  main: Html
}

/** Nothing from elsewhere, nothing inline. Leadlight needs no more than a site's own scripts do. */
export const POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const SECTIONS = [
  ['lamps', '/demo#lamps', 'Lamps'],
  ['journal', '/demo#journal', 'Journal'],
  ['projects', '/demo/quote', 'Projects'],
  ['contact', '/demo/contact', 'Contact'],
] as const

const mark = html`<svg class="mark-bell" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="M12 0v6" />
  <path
    d="M10.800 6h2.400c.2 4 2 5.800 4 7.800 1.400 1.400 2.200 3 2.300 5.200h-15c.1-2.200.9-3.800 2.300-5.200 2-2 3.800-3.800 4-7.800Z"
  />
  <path class="ray" d="M7 22h10" />
</svg>`

const newsletter = html`<form
  class="newsletter"
  method="post"
  action="/demo/thanks/newsletter"
  data-ll-form="newsletter"
>
  <label for="newsletter-email">Letters from the blue hour, four a year</label>
  <div class="joined">
    <input
      id="newsletter-email"
      name="email"
      type="email"
      autocomplete="email"
      placeholder="you@example.com"
      required
      data-ll-trait="email"
    />
    <button>Subscribe</button>
  </div>
</form>`

/** A whole page around its main part. */
export const layout = (writeKey: string, { title, description, section, main }: Page): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${description}" />
        <title>${title} · Skumring</title>
        <link rel="icon" type="image/svg+xml" href="${asset('icon.svg')}" />
        <link rel="stylesheet" href="${asset('shop.css')}" />

        <!-- Only for the panel at the side: it listens to what Leadlight sends. A shop needs no such line. -->
        <script src="${asset('panel/hear.js')}"></script>

        <!-- Leadlight, all of it: this line keeps page views, active time, downloads, outbound clicks and forms. -->
        <script async src="/leadlight.js" data-site="${writeKey}"></script>

        <script type="module" src="${asset('shop.js')}"></script>
        <script type="module" src="${asset('panel/panel.js')}"></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        ${PALETTE}
        <div class="shop">
          <header class="top">
            <a class="brand" href="/demo">${mark}<span>Skumring</span></a>
            <nav aria-label="Shop">
              <ul>
                ${SECTIONS.map(([id, href, name]) => html`<li><a href="${href}" ${current(id, section)}>${name}</a></li>`)}
              </ul>
            </nav>
            <a class="cart-link" href="/demo/cart" ${current('cart', section)}
              >Cart <span class="count" data-cart="count" hidden></span
            ></a>
          </header>
          <main id="main" tabindex="-1">${main}</main>
          <footer class="bottom">
            <!-- data-ll-form says what a form is for: submitting this one is kept as sign_up, method newsletter.
               data-ll-trait marks the fields to keep. Of a field without it only the name is kept. -->
            ${newsletter}
            <div class="imprint">
              <p>
                Skumring is an invented workshop: the demo shop of Leadlight. Nothing is sold here and no form is stored
                by the shop.
              </p>
              <ul>
                <li><a href="/demo/careers">Careers</a></li>
                <li><a href="/demo/brochure.pdf" download="skumring-specification.pdf">Specification (PDF)</a></li>
                <li><a href="/demo/contact">Contact</a></li>
              </ul>
            </div>
          </footer>
        </div>
        ${panel}
      </body>
    </html>`

const current = (id: string, section: string | undefined): Html => (id === section ? html`aria-current="page"` : html``)
