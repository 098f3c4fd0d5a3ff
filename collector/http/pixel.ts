import { randomBytes } from 'node:crypto'
import type { Instant } from '../../shared/instant.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { senders } from './access.ts'
import { CORS, sendingKey, summary, taker, type CollectParts } from './collect.ts'
import { route, type Route } from './route.ts'

/** One transparent point. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/**
 * `GET /p.gif?site=wk_…&…`: an event of a page without scripts, or of an e-mail that is opened, as the address of an image:
 * `type` (else `page_view`), `visitor`, `id`, `url`, `referrer` and `title` as in a batch; everything else is a property.
 * It goes the way of every batch: an image is answered after the commit. Whose page it is on only the `Referer` proves.
 */
export function pixel(parts: CollectParts): Route[] {
  const take = taker(parts)
  const { clock } = parts
  return [
    route({
      method: 'get',
      path: '/p.gif',
      access: senders,
      summary: 'One event as the address of an image: for pages without scripts, and e-mails',
      answer: null,
      media: 'image/gif',
      query: 'any',
      run: ({ c }) => {
        const page = URL.parse(c.req.header('Referer') ?? '')
        const sent = {
          origin: page && /^https?:$/.test(page.protocol) ? page.origin : null,
          secret: () => sendingKey(parts.auth, c),
          read: async () => batchOf(new URL(c.req.url).searchParams, page?.href, clock()),
        }
        return take(
          c,
          sent,
          ({ result }) =>
            new Response(GIF, {
              headers: {
                ...CORS,
                'Content-Type': 'image/gif',
                'Cache-Control': 'no-store',
                'Cross-Origin-Resource-Policy': 'cross-origin',
                'leadlight-result': summary(result),
              },
            }),
        )
      },
    }),
  ]
}

/** The batch that says the same. Who is not named is nobody who could be known again. */
function batchOf(query: URLSearchParams, page: string | undefined, now: Instant): string {
  const {
    site,
    visitor,
    type = 'page_view',
    id,
    url = page,
    referrer,
    title,
    ...properties
  } = Object.fromEntries(query)
  const fresh = (): string => uuidv7(now, randomBytes(10))
  const event = { id: id ?? fresh(), type, at: now, url, referrer, title, properties }
  return JSON.stringify({ v: 1, key: site, visitor: visitor ?? fresh(), sent_at: now, events: [event] })
}
