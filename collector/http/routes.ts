import { Hono } from 'hono'
import { createAddresses } from './address.ts'
import type { AppParts } from './app.ts'
import { anyone } from './access.ts'
import type { Auth } from './auth.ts'
import { collect, type CollectParts } from './collect.ts'
import { delivery } from './delivery.ts'
import { docs } from './docs.ts'
import { health } from './health.ts'
import { learning } from './learning.ts'
import { keys } from './keys.ts'
import { leadExports } from './lead-export.ts'
import { leads } from './leads.ts'
import { createLogbook, watched } from './logbook.ts'
import { live } from './live.ts'
import { models } from './models.ts'
import { pages } from './pages/pages.ts'
import { pixel } from './pixel.ts'
import { quarantine } from './quarantine.ts'
import { reports } from './reports.ts'
import { outcomes } from './outcomes.ts'
import { rights } from './rights.ts'
import { route, type Route } from './route.ts'
import { rules } from './rules.ts'
import type { Sessions } from './session.ts'
import { script } from './script.ts'
import { segment } from './segment.ts'
import { sites } from './sites.ts'
import { webhooks } from './webhooks.ts'
import { transfer } from './transfer.ts'

/** Everything that may be asked of the collector, one line a noun. */
export function routes(parts: AppParts, auth: Auth, sessions: Sessions): Route[] {
  const { store, ingest, fairness, metrics, failing, trustProxy, publicUrl, clock, log, observe, demo } = parts
  const addresses = createAddresses(trustProxy)
  const logbook = createLogbook(clock)
  const door: CollectParts = {
    ingest,
    auth,
    fairness,
    addresses,
    clock,
    log,
    observe: (outcome, sender) => {
      metrics.observe(outcome)
      logbook.observe(outcome, sender)
      observe?.(outcome, sender)
    },
  }
  const table: Route[] = [
    ...watched(script(), logbook),
    ...health({ ping: store.ping, failing, metrics }),
    ...collect(door),
    ...pixel(door),
    ...segment({ ...door, publicUrl }),
    ...leads(parts),
    ...leadExports(parts),
    ...models(parts),
    ...learning(parts),
    ...reports(parts),
    ...rules(parts),
    ...live(parts),
    ...keys(parts),
    ...sites(parts),
    ...delivery(parts),
    ...webhooks(parts),
    ...quarantine(parts),
    ...outcomes(parts),
    ...rights(parts),
    ...transfer(parts),
    ...pages({ ...parts, addresses, sessions, logbook }),
    ...(demo ? mounted('/demo', demo) : []),
    ...docs(() => table, parts),
  ]
  return table
}

/** The pages of another app, for anybody. */
function mounted(path: string, app: Hono): Route[] {
  const shop = new Hono().route(path, app)
  return (['get', 'post'] as const).flatMap(method =>
    [path, `${path}/*`].map(place =>
      route({
        method,
        path: place,
        access: anyone,
        summary: null,
        query: 'any',
        answer: null,
        run: ({ c }) => shop.fetch(c.req.raw),
      }),
    ),
  )
}

/** Puts the routes into an app, and nothing else: throws if the app answers anything that is not declared. */
export function serve(app: Hono, table: readonly Route[], auth: Auth): Hono {
  for (const { method, path, handle } of table) app.on(method, path, c => handle(c, auth))
  const declared = new Set(table.map(({ method, path }) => `${method} ${path}`.toLowerCase()))
  for (const { method, path } of app.routes) {
    if (method !== 'ALL' && !declared.has(`${method} ${path}`.toLowerCase()))
      throw new Error(`${method} ${path} says nowhere who may ask it: declare it with route().`)
  }
  return app
}
