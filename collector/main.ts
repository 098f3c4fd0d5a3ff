import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { SECOND, type Instant } from '../shared/instant.ts'
import { Refusal } from '../shared/refusal.ts'
import type { Site } from '../shared/site.ts'
import { uuidv7 } from '../shared/uuid.ts'
import type { Config } from './config.ts'
import { demo } from './demo/shop.ts'
import { look } from './demo/look.ts'
import { createApp } from './http/app.ts'
import { groupCommit } from './ingest/group.ts'
import { createIngest, type IngestParts } from './ingest/ingest.ts'
import { startWriter } from './ingest/writer.ts'
import { startJobs } from './jobs.ts'
import { addKey, addSite } from './site.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'

export interface Collector {
  /** How browsers reach it. */
  url: string
  site: Site
  /** On the first start: the only time that the first secret key can be seen. */
  firstKey: string | null
  /** Answers what is under way, writes what waits, then lets go of port and database. */
  close(): Promise<void>
}

export interface Surroundings {
  /** Milliseconds since 1970. */
  clock: () => Instant
  log: (error: unknown) => void
  /** Called once if the collector can no longer keep its promise and must end. */
  onFailure: (error: Error) => void
  observe?: IngestParts['observe']
}

/** Where the parts meet: config → store → writer → jobs → app → listen. */
export async function startCollector(
  config: Config,
  { clock, log, onFailure, observe }: Surroundings,
): Promise<Collector> {
  const store = await openStore(config.databaseUrl, { newId: () => uuidv7(clock(), randomBytes(10)) })
  const { site, firstKey } = await firstSite(store, config, clock())
  const writer = await startWriter(config.databaseUrl, onFailure)
  const stopJobs = startJobs(writer, clock, log)
  const origins: string[] = []
  const ingest = createIngest({
    siteByWriteKey: store.siteByWriteKey,
    commit: groupCommit(arrivals => writer.record(arrivals, clock())),
    ownOrigins: () => origins,
    ...(observe && { observe }),
  })
  const app = createApp({ store, ingest, clock, adminKey: config.adminKey, log })
  if (config.demo) app.route('/demo', demo({ writeKey: site.writeKey, look: look(store, site.id, clock) }))

  const release = async (): Promise<void> => {
    stopJobs()
    await writer.close()
    await store.close()
  }
  const server = await listen(app.fetch, config).catch(async (error: unknown) => {
    await release()
    throw error
  })
  const { port } = server.address() as AddressInfo
  const url =
    config.publicUrl ??
    `http://${config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : bracketed(config.host)}:${port}`
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) origins.push(`http://${host}:${port}`)
  origins.push(new URL(url).origin)

  return {
    url,
    site,
    firstKey,
    async close() {
      await stopServer(server)
      await release()
    },
  }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** A new database begins with one site and one key to ask about it. */
async function firstSite(store: Store, config: Config, now: Instant): Promise<{ site: Site; firstKey: string | null }> {
  const [known] = await store.sites()
  if (known) return { site: known, firstKey: null }
  const site = await addSite(store, { name: config.demo ? 'Demo shop' : 'My site', origins: [], starter: 'shop' }, now)
  const { secret } = await addKey(store, site.id, 'read', now)
  return { site, firstKey: secret }
}

/** Slow and stalled clients are let go; the checking interval is what makes the header limit take effect in time. */
const LIMITS = { headersTimeout: 10 * SECOND, requestTimeout: 30 * SECOND, connectionsCheckingInterval: 2 * SECOND }

function listen(fetch: (request: Request) => Response | Promise<Response>, config: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port: config.port, hostname: config.host, serverOptions: LIMITS }, () => {
      resolve(server)
    }) as Server
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      const told = taken
        ? new Refusal('conflict', `Port ${config.port} of ${config.host} is taken. Choose another with --port.`)
        : error
      reject(told)
    })
  })
}

const GRACE = 3 * SECOND

function stopServer(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), GRACE).unref()
  return new Promise(resolve => {
    server.close(() => {
      clearTimeout(deadline)
      resolve()
    })
    server.closeIdleConnections()
  })
}
