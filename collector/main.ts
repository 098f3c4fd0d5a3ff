import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { SECOND, type Duration, type Instant } from '../shared/instant.ts'
import type { Site } from '../shared/site.ts'
import { uuidv7 } from '../shared/uuid.ts'
import type { Config } from './config.ts'
import { demo } from './demo/shop.ts'
import { look } from './demo/look.ts'
import { blockList } from './http/address.ts'
import { createApp, type AppParts } from './http/app.ts'
import { createMetrics } from './http/metrics.ts'
import { createFairness } from './ingest/fairness.ts'
import { groupCommit } from './ingest/group.ts'
import { createIngest } from './ingest/ingest.ts'
import { createLive } from './ingest/live.ts'
import { rememberSites } from './ingest/sites.ts'
import { startWriter } from './ingest/writer.ts'
import { startJobs } from './jobs.ts'
import { listen } from './listen.ts'
import { FIRST_ACCOUNT, loginLink } from './login-link.ts'
import { createGuard } from './outbox/guard.ts'
import { createOutbox } from './outbox/outbox.ts'
import { resolveWith } from './outbox/resolve.ts'
import { newSecret } from './outbox/sign.ts'
import { addKey, addSite } from './http/site.ts'
import { createReader } from './reports/reader.ts'
import { createRuleReports } from './reports/rule-reports.ts'
import { createRetention } from './retention.ts'
import { checkStore, lockStore, openStore } from './store/open.ts'
import type { Store } from './store/store.ts'

export interface Collector {
  /** How browsers reach it. */
  url: string
  site: Site
  /** On the first start: the only time that the first secret key can be seen. */
  firstKey: string | null
  /** While nobody has set a password: a one-time link to the dashboard. */
  loginLink: string | null
  /** Answers what is under way, writes what waits, then lets go of port and database. */
  close(): Promise<void>
}

export interface Surroundings {
  /** Milliseconds since 1970. */
  clock: () => Instant
  log: (error: unknown) => void
  /** Called once if the collector can no longer keep its promise and must end. */
  onFailure: (error: Error) => void
  observe?: AppParts['observe']
  trace?: AppParts['trace']
}

/** Where the parts meet: config → lock → store → writer → jobs → app → listen. */
export async function startCollector(config: Config, surroundings: Surroundings): Promise<Collector> {
  const opened: Undo[] = []
  const release = async (): Promise<void> => {
    for (const undo of opened.splice(0).toReversed()) await undo()
  }
  try {
    return await start(config, surroundings, opened, release)
  } catch (error) {
    await release()
    throw error
  }
}

/** Undoes a step of the start. */
type Undo = () => void | Promise<void>

async function start(
  config: Config,
  { clock, log, onFailure, observe, trace }: Surroundings,
  opened: Undo[],
  close: () => Promise<void>,
): Promise<Collector> {
  const lock = await lockStore(config.databaseUrl, clock())
  opened.push(lock.release)
  opened.push(await checkStore(config.databaseUrl, onFailure))
  const own = await openStore(config.databaseUrl, { newId: () => uuidv7(clock(), randomBytes(10)), lock })
  opened.push(own.close)
  const { rules, backtest, suggest, close: closeReader, ...answers } = createReader(config.databaseUrl, onFailure)
  opened.push(closeReader)
  // What takes long is asked of the thread that reads.
  const store: Store = { ...own, ...answers }
  const { site, firstKey } = await firstSite(store, config, clock())
  let url = config.publicUrl ?? ''
  const writer = await startWriter(config.databaseUrl, onFailure, () => void outbox.round())
  opened.push(writer.close)
  const metrics = createMetrics(() => group.state())
  const group = groupCommit({
    write: metrics.timed(arrivals => writer.record(arrivals, clock())),
    probe: writer.probe,
    gather: () => setTimeout(GATHER),
    onChange: failing => log(failing ? new Error(WRITING_FAILS, { cause: failing }) : WRITING_WORKS),
    onFault: log,
  })
  const guard = createGuard(resolveWith(), blockList(config.webhookAllow))
  const outbox = createOutbox({
    store,
    writer,
    guard,
    clock,
    chance: Math.random,
    publicUrl: () => url,
    log,
    observe: metrics.delivered,
    timeLimit: WEBHOOK_TIME_LIMIT,
    grace: 3 * SECOND,
  })
  opened.push(outbox.close)
  const live = createLive(group.commit)
  const retention = createRetention({
    store,
    writer,
    days: config.retentionDays,
    confirm: config.retentionConfirm,
    log,
  })
  opened.push(startJobs({ store, writer, retention, group, outbox }, clock, log))
  const origins: string[] = []
  const fairness = createFairness({ visitor: config.visitorRate, address: config.addressRate, site: config.siteRate })
  const ingest = createIngest({
    siteByWriteKey: rememberSites(store.siteByWriteKey, clock),
    fairness,
    commit: live.commit,
    ownOrigins: () => origins,
  })
  const app = createApp({
    store,
    writer,
    learner: { backtest, suggest },
    rules: createRuleReports({ store, reader: { rules }, clock, log }),
    ingest,
    live,
    fairness,
    metrics,
    outbox: { ...outbox, admit: guard.admit, newSecret },
    failing: () => group.state().failing,
    clock,
    adminKey: config.adminKey,
    trustProxy: config.trustProxy,
    retentionDays: config.retentionDays,
    publicUrl: config.publicUrl,
    log,
    ...(observe && { observe }),
    ...(trace && { trace }),
    ...(config.demo && { demo: demo({ writeKey: site.writeKey, look: look(store, site.id, clock) }) }),
  })

  const listener = await listen(app.fetch, config)
  opened.push(listener.close)
  opened.push(live.close)
  const { port } = listener
  url =
    config.publicUrl ??
    `http://${config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : bracketed(config.host)}:${port}`
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) origins.push(`http://${host}:${port}`)
  origins.push(new URL(url).origin)
  const isNew = (await store.accounts()).length === 0
  const firstLink = isNew ? await loginLink(writer, FIRST_ACCOUNT, url, clock()) : null
  return { url, site, firstKey, loginLink: firstLink, close }
}

/** How long a crowd of those who send waits for whoever follows, to share a flush of the disk. */
const GATHER: Duration = 3
/** For one attempt to deliver a message. */
const WEBHOOK_TIME_LIMIT = 15 * SECOND

const WRITING_FAILS = 'Events cannot be written; they are refused with 503 until it works again.'
const WRITING_WORKS = 'Events are written again.'

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** A new database begins with one site and one key to ask about it. */
async function firstSite(store: Store, config: Config, now: Instant): Promise<{ site: Site; firstKey: string | null }> {
  const [known] = await store.sites()
  if (known) return { site: known, firstKey: null }
  const site = await addSite(store, { name: config.demo ? 'Demo shop' : 'My site', origins: [], starter: 'shop' }, now)
  const { secret } = await addKey(store, site.id, 'read', now)
  return { site, firstKey: secret }
}
