import { Hono } from 'hono'
import type { BatchResult } from '../../shared/batch.ts'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Envelope } from '../ingest/ingest.ts'
import type { Store } from '../store/store.ts'
import { createAuth } from './auth.ts'
import { collect } from './collect.ts'
import { leads } from './leads.ts'
import { problem } from './problem.ts'
import { script } from './script.ts'

export interface AppParts {
  store: Store
  ingest: (envelope: Envelope) => Promise<BatchResult>
  clock: () => Instant
  adminKey: string | null
  /** Told of what is a bug or a failing part, never of a caller's mistake. */
  log: (error: unknown) => void
}

/** Everything that may be asked of the collector. */
export function createApp({ store, ingest, clock, adminKey, log }: AppParts): Hono {
  const auth = createAuth(store, adminKey)
  const app = new Hono()
  app.onError((error, c) => problem(c, error, log))
  app.notFound(c => problem(c, new Refusal('not_found', `There is nothing at ${c.req.path}.`), log))
  app.get('/healthz', async c => {
    await store.ping()
    return c.json({ status: 'ok' })
  })
  app.route('/', script())
  app.route('/e', collect(ingest, auth, clock))
  app.route('/v1/leads', leads(store, auth, clock))
  return app
}
