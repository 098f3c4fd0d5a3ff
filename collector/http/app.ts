import { Hono } from 'hono'
import { routePath } from 'hono/route'
import type { Duration, Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Fairness } from '../ingest/fairness.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { Live } from '../ingest/live.ts'
import type { Verbs } from '../ingest/writer.ts'
import type { Reader } from '../reports/reader.ts'
import type { RuleReports } from '../reports/rule-reports.ts'
import type { Store } from '../store/store.ts'
import { createAuth } from './auth.ts'
import type { CollectParts } from './collect.ts'
import type { Metrics } from './metrics.ts'
import { problem } from './problem.ts'
import { routes, serve } from './routes.ts'
import { createSessions } from './session.ts'
import type { WebhookParts } from './webhooks.ts'

/** A request without anything personal: the pattern of its path, and nothing of its query. */
export interface Trace {
  method: string
  route: string
  status: number
  duration: Duration
}

export interface AppParts {
  store: Store
  writer: Verbs
  rules: RuleReports
  /** Replays everybody, in a thread of its own. */
  learner: Pick<Reader, 'backtest' | 'suggest'>
  ingest: Ingest
  live: Pick<Live, 'listen'>
  fairness: Fairness
  metrics: Metrics
  outbox: WebhookParts['outbox']
  /** Why events cannot be written now; `null` when they can. */
  failing: () => Error | null
  clock: () => Instant
  adminKey: string | null
  trustProxy: readonly string[]
  /** Days that events are kept where a site says nothing of it; 0: for ever. */
  retentionDays: number
  /** `null`: as each request says. */
  publicUrl: string | null
  /** Told of what is a bug, a failing part or a wrong setting, never of a caller's mistake. */
  log: (error: unknown) => void
  /** Told how every request to the ingest endpoint ended, besides the metrics. */
  observe?: CollectParts['observe']
  /** Told of every request. */
  trace?: (request: Trace) => void
  /** The demo shop. */
  demo?: Hono
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** By which methods a path may be asked: `GET, HEAD`. */
function methodsAt(app: Hono, path: string): string {
  const isTaken = (method: string) => app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  return METHODS.filter(method => isTaken(method === 'HEAD' ? 'GET' : method)).join(', ')
}

/** Everything that may be asked of the collector. */
export function createApp(parts: AppParts): Hono {
  const { log, trace } = parts
  const sessions = createSessions(parts)
  const auth = createAuth(parts, sessions)
  const app = new Hono()
  app.onError(error => problem(error, log))
  app.notFound(c => {
    const { method, path } = c.req
    const methods = methodsAt(app, path)
    if (methods === '') return problem(new Refusal('not_found', `There is nothing at ${path}.`), log)
    const refusal = new Refusal('wrong_method', `${path} takes ${methods}, not ${method}.`)
    return problem(refusal, log, { Allow: methods })
  })
  if (trace) {
    app.use(async (c, next) => {
      const started = performance.now()
      await next()
      const duration = performance.now() - started
      trace({ method: c.req.method, route: routePath(c, -1), status: c.res.status, duration })
    })
  }
  return serve(app, routes(parts, auth, sessions), auth)
}
