import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { MAX_BATCH_BYTES, type BatchResult } from '../../shared/batch.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Envelope } from '../ingest/ingest.ts'
import type { Auth } from './auth.ts'

/** `POST /e`: a batch of events. The body is JSON whatever its content type says: `text/plain` needs no pre-flight. */
export function collect(ingest: (envelope: Envelope) => Promise<BatchResult>, auth: Auth, clock: () => Instant): Hono {
  const tooLarge = () => {
    throw new Refusal('too_large', `A batch holds at most ${MAX_BATCH_BYTES} bytes.`)
  }
  const countBytes = bodyLimit({ maxSize: MAX_BATCH_BYTES, onError: tooLarge })
  // Node holds a body to the size that its header says, so that only others need to be counted while they arrive, which
  // costs several times as much.
  const limit: MiddlewareHandler = (c, next) => {
    const size = c.req.header('Content-Length')
    if (size === undefined || c.req.header('Transfer-Encoding') !== undefined) return countBytes(c, next)
    return Number(size) > MAX_BATCH_BYTES ? tooLarge() : next()
  }
  return new Hono()
    .use(async (c, next) => {
      // Any page may send, whatever answers it: what its events are worth is decided by provenance.
      c.header('Access-Control-Allow-Origin', '*')
      c.header('Access-Control-Expose-Headers', 'leadlight-result, retry-after')
      await next()
    })
    .options('/', c => {
      c.header('Access-Control-Allow-Methods', 'POST')
      c.header('Access-Control-Allow-Headers', 'content-type, authorization')
      c.header('Access-Control-Max-Age', '86400')
      return c.body(null, 204)
    })
    .post('/', limit, async c => {
      const secret = await auth.secretKey(c)
      if (secret?.scope === 'read')
        throw new Refusal('forbidden', 'Sending events needs a key with scope ingest; this one has scope read.')
      const result = await ingest({
        body: await c.req.text(),
        receivedAt: clock(),
        userAgent: c.req.header('User-Agent') ?? '',
        origin: c.req.header('Origin') ?? null,
        secret,
      })
      c.header('leadlight-result', summary(result))
      return c.json(result, 202)
    })
}

/** A structured field (RFC 9651), readable in a network panel: `accepted=2, duplicate=0, quarantined=1, dropped=0`. */
const summary = ({ accepted, duplicate, quarantined, dropped }: BatchResult): string =>
  `accepted=${accepted}, duplicate=${duplicate}, quarantined=${quarantined}, dropped=${dropped.length}`
