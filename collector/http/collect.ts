import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import * as v from 'valibot'
import type { BatchResult } from '../../shared/batch.ts'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Key } from '../../shared/site.ts'
import type { Fairness } from '../ingest/fairness.ts'
import type { Client, Ingest, Kept } from '../ingest/ingest.ts'
import { anyone, senders } from './access.ts'
import { networkOf, type Addresses } from './address.ts'
import { at } from './answer.ts'
import type { Auth } from './auth.ts'
import { readBody } from './body.ts'
import { asRefusal, problem } from './problem.ts'
import { route, type Route } from './route.ts'
import { schemaOf } from './schema.ts'
import { turnAway, wait } from './turn.ts'

/** How a request ended. */
export type Outcome = Kept | { refusal: Refusal }

/** Who sent it. */
export interface Sender {
  userAgent: string
  origin: string | null
}

export interface CollectParts {
  ingest: Ingest
  auth: Auth
  fairness: Pick<Fairness, 'knock'>
  addresses: Addresses
  clock: () => Instant
  log: (error: unknown) => void
  /** Told how every request ended. */
  observe: (outcome: Outcome, sender: Sender) => void
}

/** Any page may send, whatever answers it: what its events are worth is decided by provenance. */
export const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'leadlight-result, retry-after',
}

const PREFLIGHT = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': 'content-type, authorization, content-encoding',
  'Access-Control-Max-Age': '86400',
}

/** `POST /e`: a batch of events. The body is JSON whatever its content type says: `text/plain` needs no pre-flight. */
export function collect(parts: CollectParts): Route[] {
  const take = taker(parts)
  return [
    route({
      method: 'options',
      path: '/e',
      access: anyone,
      summary: null,
      answer: null,
      run: () => new Response(null, { status: 204, headers: PREFLIGHT }),
    }),
    route({
      method: 'post',
      path: '/e',
      access: senders,
      summary: 'Takes a batch of events from a page (write key) or from a server (secret key with scope ingest)',
      takes: schemaOf(batchShape),
      answer: resultShape,
      status: 202,
      query: 'any',
      async run({ c }) {
        const sent = { origin: originOf(c), secret: () => sendingKey(parts.auth, c), read: readBody }
        return take(c, sent, kept => acknowledge(kept, c.req.query('debug') !== undefined))
      },
    }),
  ]
}

/** What a request says, and by which key. */
export interface Sent {
  origin: string | null
  /** The secret key that sends it; `null` for a write key. */
  secret: () => Promise<Key | null>
  /** Its batch, as JSON. */
  read: (c: Context) => Promise<string>
  /** For what is no batch of ours. */
  client?: Client
}

/** Takes what somebody has sent, tells of how that ended, and answers. */
export type Take = (c: Context, sent: Sent, answer: (kept: Kept) => Response) => Promise<Response>

export function taker({ ingest, fairness, addresses, clock, log, observe }: CollectParts): Take {
  const networkFrom = networks(addresses, log)
  return async (c, { origin, secret: secretOf, read, client }, answer) => {
    const userAgent = c.req.header('User-Agent') ?? ''
    const sender = { userAgent, origin }
    try {
      const secret = await secretOf()
      const network = networkFrom(c)
      if (!secret) await wait(fairness.knock(network, clock()))
      const body = await read(c)
      const envelope = { body, receivedAt: clock(), userAgent, origin, secret, network, ...(client && { client }) }
      const kept = await ingest(envelope)
      observe(kept, sender)
      return answer(kept)
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal.code === 'rate_limited') await turnAway()
      observe({ refusal }, sender)
      return problem(error, log, CORS)
    }
  }
}

export const originOf = (c: Context): string | null => c.req.header('Origin') ?? null

/** The secret key of a request, if it sends one, which must be good for sending events. */
export async function sendingKey(auth: Pick<Auth, 'secretKey'>, c: Context): Promise<Key | null> {
  const secret = await auth.secretKey(c)
  if (secret?.scope !== 'read') return secret
  throw new Refusal('forbidden', 'Sending events needs a key with scope ingest; this one has scope read.')
}

const eventShape = v.object({
  id: v.pipe(v.string(), v.uuid()),
  type: v.string(),
  at: v.union([v.number(), at]),
  view: v.optional(v.string()),
  seq: v.optional(v.number()),
  url: v.optional(v.string()),
  referrer: v.optional(v.string()),
  title: v.optional(v.string()),
  properties: v.optional(v.record(v.string(), v.unknown())),
})
const batchShape = v.object({
  v: v.literal(1),
  key: v.optional(v.string()),
  visitor: v.string(),
  sent_at: v.union([v.number(), at]),
  consent: v.optional(v.picklist(['granted', 'denied'])),
  events: v.array(eventShape),
})
const resultShape = v.object({
  accepted: v.number(),
  duplicate: v.number(),
  quarantined: v.number(),
  dropped: v.array(v.object({ index: v.number(), reason: v.string() })),
})

/** To a page that is being debugged (`/e?debug`), with what it would otherwise have to be looked up for. */
function acknowledge({ result, mark, quarantined }: Kept, debugging: boolean): Response {
  const headers = { ...CORS, 'Content-Type': 'application/json', 'leadlight-result': summary(result) }
  const answer = debugging ? { ...result, mark, quarantine: quarantined } : result
  return new Response(JSON.stringify(answer), { status: 202, headers })
}

/** A structured field (RFC 9651), readable in a network panel: `accepted=2, duplicate=0, quarantined=1, dropped=0`. */
export const summary = ({ accepted, duplicate, quarantined, dropped }: BatchResult): string =>
  `accepted=${accepted}, duplicate=${duplicate}, quarantined=${quarantined}, dropped=${dropped.length}`

/** The shortened address of a request. Says so, once, when a proxy hides all of them because it is not configured. */
export function networks(addresses: Addresses, log: (error: unknown) => void): (c: Context) => string | null {
  let told = false
  return c => {
    const peer = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress
    const forwardedFor = c.req.header('X-Forwarded-For')
    const network = networkOf(addresses.client(peer, forwardedFor))
    if (forwardedFor !== undefined && !told && network === null && !addresses.isProxy(peer)) {
      told = true
      log(
        'A proxy sends X-Forwarded-For, but LEADLIGHT_TRUST_PROXY does not name it: nobody is limited by address until it does.',
      )
    }
    return network
  }
}
