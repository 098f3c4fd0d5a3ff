import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import { isLoopback } from './address.ts'
import type { Auth } from './auth.ts'
import type { Metrics } from './metrics.ts'

export interface HealthParts {
  /** Throws unless the database can be read. */
  ping: () => Promise<void>
  /** Why events cannot be written now; `null` when they can. */
  failing: () => Error | null
  metrics: Pick<Metrics, 'text' | 'contentType'>
  auth: Auth
}

/** `/healthz`: it lives. `/readyz`: it can keep events. `/metrics`: how it is doing. */
export function health({ ping, failing, metrics, auth }: HealthParts): Hono {
  return new Hono()
    .get('/healthz', c => c.json({ status: 'ok' }))
    .get('/readyz', async c => {
      const failure = failing() ?? (await ping().then(() => null, asError))
      if (!failure) return c.json({ status: 'ok' })
      // The reason names the database's file, which is nobody's business outside.
      const reason = isFromHere(c) ? failure.message : 'the reason is in the log, and told to this machine.'
      throw new Refusal('overloaded', `Events cannot be kept: ${reason}`)
    })
    .get('/metrics', async c => {
      if (!isFromHere(c)) await auth.key(c, 'read')
      return new Response(await metrics.text(), { headers: { 'Content-Type': metrics.contentType } })
    })
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/** What proxies add: a request that a proxy on this machine passes on comes from elsewhere. */
const FORWARDED = ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Forwarded', 'Via']

/** Whether a program on this machine asks. */
function isFromHere(c: Context): boolean {
  const peer = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress
  return isLoopback(peer) && FORWARDED.every(name => c.req.header(name) === undefined)
}
