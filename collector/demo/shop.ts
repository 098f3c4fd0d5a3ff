import { Hono, type Context } from 'hono'
import type { StoredEvent } from '../../shared/event.ts'
import type { Explanation } from '../../shared/score.ts'
import type { Stage, Transition } from '../../shared/stage.ts'
import { articlePage } from './article.ts'
import { assets } from './assets.ts'
import { cartPage } from './cart.ts'
import { lampCalled } from './catalog.ts'
import { contactPage, quotePage } from './enquiry.ts'
import { frontPage } from './front.ts'
import { postCalled } from './journal.ts'
import { layout, POLICY, type Page } from './layout.ts'
import { careersPage, isThanked, missingPage, thanksPage } from './plain.ts'
import { productPage } from './product.ts'

/** What the collector knows of the person behind a visitor id: everything that the live panel shows. */
export interface Look {
  stage: Stage
  explanation: Explanation
  /** Oldest first. */
  transitions: Transition[]
  /** Newest first, at most 50. */
  events: StoredEvent[]
  /** The score at which the model's MQL condition holds. */
  mqlAt: number
}

export interface Shop {
  /** The public key of the demo's site, as its snippet says it. */
  writeKey: string
  /** `null` for a visitor nobody has seen yet. */
  look: (visitor: string) => Promise<Look | null>
}

/** Characters of a visitor id; longer ones are nobody's. */
const MAX_VISITOR = 128

/** The demo shop, to be mounted at `/demo`: a static shop with Leadlight's public snippet and attributes, and nothing else of it. */
export function demo({ writeKey, look }: Shop): Hono {
  const show = (c: Context, page: Page, status: 200 | 404 = 200) => {
    c.header('content-security-policy', POLICY)
    c.header('x-content-type-options', 'nosniff')
    c.header('cache-control', 'no-cache')
    return c.html(layout(writeKey, page), status)
  }
  const showIf = (c: Context, page: Page | undefined) => (page ? show(c, page) : show(c, missingPage, 404))

  return (
    new Hono()
      .get('/', c => show(c, frontPage))
      .get('/products/:slug', c => {
        const lamp = lampCalled(c.req.param('slug'))
        return showIf(c, lamp && productPage(lamp))
      })
      .get('/journal/:slug', c => {
        const post = postCalled(c.req.param('slug'))
        return showIf(c, post && articlePage(post))
      })
      .get('/cart', c => show(c, cartPage))
      .get('/contact', c => show(c, contactPage))
      .get('/quote', c => show(c, quotePage(c.req.query('lamp'))))
      .get('/careers', c => show(c, careersPage))
      .get('/thanks/:kind', c =>
        showIf(c, isThanked(c.req.param('kind')) ? thanksPage(c.req.param('kind')) : undefined),
      )
      // The shop reads no form: what is kept of it, Leadlight keeps.
      .post('/thanks/:kind', c =>
        isThanked(c.req.param('kind'))
          ? c.redirect(`/demo/thanks/${c.req.param('kind')}`, 303)
          : show(c, missingPage, 404),
      )
      .get('/live', async c => {
        c.header('cache-control', 'no-store')
        const visitor = c.req.query('visitor') ?? ''
        return c.json(visitor === '' || visitor.length > MAX_VISITOR ? null : await look(visitor))
      })
      .route('/', assets)
      .get('*', c => (c.req.path.endsWith('/') ? c.redirect('/demo') : show(c, missingPage, 404)))
  )
}
