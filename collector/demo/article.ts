import { html } from 'hono/html'
import { POST_ART } from './art.ts'
import { POSTS, written, type Post } from './journal.ts'
import type { Page } from './layout.ts'

export const articlePage = (post: Post): Page => ({
  title: post.title,
  description: post.teaser,
  section: 'journal',
  main: html`
    <article class="article narrow">
      <h1>${post.title}</h1>
      <p class="faint"><time datetime="${post.date}">${written(post.date)}</time> · ${post.minutes} min</p>
      ${POST_ART[post.art]}
      <div class="prose">${post.body}</div>
      <aside class="offer" aria-labelledby="offer-title">
        <h2 id="offer-title">The numbers, on two pages</h2>
        <p>Photometry, glare, mounting heights and cut-outs for all six lamps.</p>
        <a class="button" href="/demo/brochure.pdf" download="skumring-specification.pdf">Download the specification</a>
      </aside>
      <p>
        Read next:
        ${POSTS.filter(other => other !== post).map(other => html`<a href="/demo/journal/${other.slug}">${other.title}</a>`)}
      </p>
    </article>
  `,
})
