import { html } from 'hono/html'
import { blueHour, lampArt, POST_ART } from './art.ts'
import { LAMPS, price } from './catalog.ts'
import { POSTS, written } from './journal.ts'
import type { Page } from './layout.ts'

const ARRIVALS = [
  ['Google ad', '/demo?utm_source=google&utm_medium=cpc&utm_campaign=autumn_lamps&gclid=demo'],
  ['newsletter', '/demo?utm_source=newsletter&utm_medium=email&utm_campaign=october_letter'],
  ['LinkedIn', '/demo?utm_source=linkedin&utm_medium=social&utm_campaign=architects'],
  ['direct', '/demo'],
] as const

export const frontPage: Page = {
  title: 'Pendant lamps for the blue hour',
  description: 'Pendant lamps, made in Bergen to be repaired. For homes, and for the people who plan them.',
  main: html`
    <aside class="arrivals" aria-labelledby="arrivals-title" data-ll-ignore>
      <h2 id="arrivals-title">Arrive as</h2>
      <ul>
        ${ARRIVALS.map(([name, href]) => html`<li><a href="${href}">${name}</a></li>`)}
      </ul>
    </aside>

    <section class="hero">
      ${blueHour}
      <div class="hero-text">
        <h1>Light for the blue hour</h1>
        <p>Pendant lamps, made in Bergen to be repaired. For homes, and for the people who plan them.</p>
        <p class="actions">
          <a class="button" href="#lamps">See the lamps</a>
          <a class="button ghost" href="/demo/quote">Quote for a project</a>
        </p>
      </div>
    </section>

    <section class="shelf" id="lamps" aria-labelledby="lamps-title">
      <h2 id="lamps-title">Six lamps</h2>
      <p class="lead">We make six. When we think of a better one, one of these will have to go.</p>
      <ul class="cards">
        ${LAMPS.map(
          lamp =>
            html`<li class="card">
              ${lampArt(lamp.slug)}
              <div class="card-text">
                <h3><a href="/demo/products/${lamp.slug}">${lamp.name}</a></h3>
                <p class="price">${price(lamp.price)}</p>
                <p>${lamp.line}</p>
              </div>
            </li>`,
        )}
      </ul>
    </section>

    <section class="trade" aria-labelledby="trade-title">
      <div>
        <h2 id="trade-title">For architects</h2>
        <p>
          Photometry, mounting, glare values and samples: two pages that answer what a specification has to. A quote
          takes us one working day, a lighting plan three.
        </p>
      </div>
      <p class="actions">
        <!-- Nothing to mark: a link to a PDF is kept as file_download by itself. -->
        <a class="button" href="/demo/brochure.pdf" download="skumring-specification.pdf">Download the specification</a>
        <a class="button ghost" href="/demo/quote">Ask for a quote</a>
      </p>
    </section>

    <section class="shelf" id="journal" aria-labelledby="journal-title">
      <h2 id="journal-title">From the journal</h2>
      <ul class="cards wide">
        ${POSTS.map(
          post =>
            html`<li class="card">
              ${POST_ART[post.art]}
              <div class="card-text">
                <h3><a href="/demo/journal/${post.slug}">${post.title}</a></h3>
                <p>${post.teaser}</p>
                <p class="faint">${written(post.date)} · ${post.minutes} min</p>
              </div>
            </li>`,
        )}
      </ul>
    </section>
  `,
}
