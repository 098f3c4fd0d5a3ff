import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Refusal } from '../../shared/refusal.ts'
import { anyone, type Access } from './access.ts'
import { isLoopback } from './address.ts'
import type { Metrics } from './metrics.ts'
import { route, type Route } from './route.ts'

export interface HealthParts {
  /** Throws unless the database can be read. */
  ping: () => Promise<void>
  /** Why events cannot be written now; `null` when they can. */
  failing: () => Error | null
  metrics: Pick<Metrics, 'text' | 'contentType'>
}

const ok = v.object({ status: v.literal('ok') })

/** A key with scope `read`, unless it is a program on this machine that asks. */
const watchers: Access<object> = {
  needs: 'read',
  query: {},
  admit: async (c, auth) => (isFromHere(c) ? {} : { key: await auth.key(c, 'read') }),
}

/** `/healthz`: it lives. `/readyz`: it can keep events. `/metrics`: how it is doing. */
export const health = ({ ping, failing, metrics }: HealthParts): Route[] => [
  route({
    method: 'get',
    path: '/healthz',
    access: anyone,
    summary: 'Whether it lives',
    answer: ok,
    run: () => ({ status: 'ok' as const }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    access: anyone,
    summary: 'Whether events can be kept: 503 with the reason when not',
    answer: ok,
    async run({ c }) {
      const failure = failing() ?? (await ping().then(() => null, asError))
      if (!failure) return { status: 'ok' as const }
      // The reason names the database's file, which is nobody's business outside.
      const reason = isFromHere(c) ? failure.message : 'the reason is in the log, and told to this machine.'
      throw new Refusal('overloaded', `Events cannot be kept: ${reason}`)
    },
  }),
  route({
    method: 'get',
    path: '/metrics',
    access: watchers,
    summary: "Counts in Prometheus' text format; from this machine it needs no key",
    answer: null,
    media: 'text/plain',
    run: async () => new Response(await metrics.text(), { headers: { 'Content-Type': metrics.contentType } }),
  }),
]

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/** What proxies add: a request that a proxy on this machine passes on comes from elsewhere. */
const FORWARDED = ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Forwarded', 'Via']

/** Whether a program on this machine asks. */
function isFromHere(c: Context): boolean {
  const peer = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress
  return isLoopback(peer) && FORWARDED.every(name => c.req.header(name) === undefined)
}
