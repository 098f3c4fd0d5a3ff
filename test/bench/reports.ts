// How long lists, reports and pages of the dashboard take over many people: medians and 95th percentiles, the CPU that they
// take, and how long at most they kept the thread that takes events. Marks what is above the bar.
//   npm run bench:reports -- --people 1000000 --runs 30 --database /tmp/reports.db
//   npm run bench:reports -- --database /tmp/reports.db --only content     only rows whose path holds this
// A database that is there already is used as it is: filling and folding a million people takes some minutes.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { PERSON } from '../collector.ts'
import { signIn } from '../dashboard/browserless.ts'
import type { Collector } from '../../collector/main.ts'
import type { Store } from '../../collector/store/store.ts'
import { people } from './people.ts'

const given = parseArgs({
  options: {
    people: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '30' },
    database: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
  },
}).values

/** As it is installed: compiled. */
async function built<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../../dist/collector/${path}`, import.meta.url).href)) as Module
}
const { readConfig } = await built<typeof import('../../collector/config.ts')>('config.js')
const { startCollector } = await built<typeof import('../../collector/main.ts')>('main.js')
const { loginLink } = await built<typeof import('../../collector/login-link.ts')>('login-link.js')
const { openStore } = await built<typeof import('../../collector/store/open.ts')>('store/open.js')

const ADMIN = 'sk_bench_0123456789abcdefghij'
const folder = given.database === '' ? mkdtempSync(join(tmpdir(), 'leadlight-bench-')) : null
const file = folder === null ? given.database : join(folder, 'bench.db')
const say = (line: string) => process.stderr.write(`${line}\n`)
const config = readConfig({}, { '--port': '0', '--database-url': `file:${file}`, '--admin-key': ADMIN })
const surroundings = {
  clock: Date.now,
  log: (fault: unknown) => say(String(fault)),
  onFailure: (fault: Error) => say(fault.message),
}

if (!existsSync(file)) await fill()
await withStore(foldAll)
const link = await withStore(store => loginLink(store, 'bench', '', Date.now()))
const collector = await startCollector(config, surroundings)
const browser = await signIn({ url: collector.url, loginLink: collector.url + link })
const headers = {
  Authorization: `Bearer ${ADMIN}`,
  Cookie: Array.from(browser.cookies, pair => pair.join('=')).join('; '),
}
const ask = async (path: string) => {
  const answer = await fetch(collector.url + path, { headers, redirect: 'manual' })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer
}

/** One whom the collector judged, then all others. */
async function fill(): Promise<void> {
  const begun = await startCollector(config, surroundings)
  await track(begun, '01900000-0000-7000-8000-000000000001')
  await begun.close()
  people(file, Number(given.people), say)
}

async function track({ url, site }: Pick<Collector, 'url' | 'site'>, id: string): Promise<void> {
  const answer = await fetch(`${url}/e`, {
    method: 'POST',
    headers: { Origin: url, 'User-Agent': PERSON },
    body: JSON.stringify({
      v: 1,
      key: site.writeKey,
      visitor: 'ada',
      sent_at: Date.now(),
      events: [{ id, type: 'page_view', at: Date.now() }],
    }),
  })
  if (answer.status !== 202) throw new Error(`/e: ${answer.status} ${await answer.text()}`)
}

async function withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

async function foldAll(store: Store): Promise<void> {
  const started = performance.now()
  const before = process.cpuUsage()
  let folded = 0
  for (let some; (some = await store.fold(20_000)) > 0;) {
    folded += some
    say(`folding: ${folded.toLocaleString('en')}`)
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = Math.round((performance.now() - started) / 1_000)
  if (folded > 0)
    say(`folded in ${seconds} s, ${Math.round((user + system) / folded)} µs of CPU a person of ten events`)
}

const DAY = 86_400_000
const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10)
const oslo = 'tz=Europe/Oslo'

const LISTS = [
  '',
  'sort=-last_seen',
  'sort=first_seen',
  'sort=-stage_since',
  'stage=mql',
  'stage=mql,sql&sort=-last_seen',
  'stage=sql&overdue=true&sort=stage_since',
  'stage=visitor,lead&sort=-score',
  'candidate=true',
  'label=hot',
  'grade=B2',
  'score_gte=95&sort=-last_seen',
  `seen_since=${day(3)}&${oslo}`,
  'company=Company 42',
  'q=person77',
  'q=77',
  'q=99&sort=first_seen',
  'q=9',
  'q=q',
  'q=example',
  'q=example&stage=mql&sort=-last_seen',
  'q=nobody-at-all',
  'campaign=c7',
  'campaign=c7&touch=first&stage=mql',
  'page=/&reached=mql',
  'page=/&reached=lead',
  'page=/&reached=customer&sort=-last_seen',
  'source=google&reached=mql&sort=-stage_since',
  'campaign=c7&reached=sql',
  'label=hot&grade=A1',
  'page=/products/7&sort=-last_seen',
  'asset=guide0.pdf&stage=customer',
  `from=${day(30)}&to=${day(23)}&${oslo}&reached=lead`,
  `reached=mql&reached_from=${day(8)}&reached_to=${day(7)}&${oslo}`,
  `reached=customer`,
  'campaign=nowhere',
]
const REPORTS = [
  'funnel',
  `funnel?from=${day(90)}&to=${day(0)}&${oslo}`,
  `funnel?from=${day(90)}&to=${day(0)}&${oslo}&interval=day&compare=previous`,
  `funnel?from=${day(364)}&to=${day(0)}&${oslo}&interval=day`,
  `funnel?from=${day(364)}&to=${day(0)}&${oslo}&interval=week`,
  'funnel?page=/',
  `funnel?page=/&from=${day(200)}&to=${day(0)}&${oslo}`,
  `funnel?campaign=c7&touch=first&from=${day(200)}&to=${day(0)}&${oslo}`,
  'content',
  `content?from=${day(90)}&to=${day(0)}&${oslo}`,
  `content?from=${day(364)}&to=${day(1)}&${oslo}&touch=first&sort=-mql_rate`,
  `content?from=${day(90)}&to=${day(0)}&${oslo}&compare=previous`,
  'content?by=asset',
  'campaigns',
  `campaigns?by=ad&from=${day(90)}&to=${day(0)}&${oslo}`,
  'campaigns?by=source&touch=any',
  `campaigns?from=${day(364)}&to=${day(0)}&${oslo}&compare=previous`,
  'delivery',
  `delivery?from=${day(30)}&to=${day(0)}&${oslo}`,
  'rules',
  `rules?from=${day(90)}&${oslo}`,
]
const PAGES = [
  '/home?days=30',
  '/home?days=90',
  '/home?days=365',
  '/leads',
  '/leads?stage=mql',
  '/leads?sort=-last_seen',
  '/leads?q=person77',
  '/leads?stage=mql&grade=A1',
  '/leads?stage=visitor,lead&score_gte=50',
  '/leads?page=%2F&reached=mql',
  '/content?days=30',
  '/content?days=365',
  '/content?days=365&by=campaign&touch=first&sort=-mql_rate',
  '/content?days=365&by=asset',
  '/scoring',
  '/scoring/1',
  '/settings',
  '/settings/health',
  '/settings/quarantine',
  '/settings/webhooks',
  '/setup/verify',
  '/content.csv?days=365',
]

const rows: object[] = []
const held = monitorEventLoopDelay({ resolution: 1 })
held.enable()
async function measure(limit: number, path: string): Promise<void> {
  if (given.only !== '' && !path.includes(given.only)) return
  const times: number[] = []
  const { user, system } = process.cpuUsage()
  held.reset()
  for (let run = 0; run < Number(given.runs); run++) {
    const started = performance.now()
    await (await ask(path)).arrayBuffer()
    times.push(performance.now() - started)
  }
  const used = process.cpuUsage()
  const cpu = (used.user + used.system - user - system) / 1_000 / times.length
  const sorted = times.toSorted((a, b) => a - b)
  const at = (q: number) => Number((sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(1))
  rows.push({
    path: path.slice(0, 90),
    'p50 ms': at(0.5),
    'p95 ms': at(0.95),
    'CPU ms': Number(cpu.toFixed(1)),
    'held ms': Math.round(held.max / 1e6),
    over: at(0.95) > limit ? `> ${limit}` : '',
  })
}

await ask('/v1/leads') // warm-up
for (const query of LISTS) await measure(50, `/v1/leads?${query}`)
for (const query of REPORTS) await measure(300, `/v1/reports/${query}`)
for (const path of PAGES) await measure(200, path)
held.disable()
console.table(rows)

if (given.only === '' || 'export'.includes(given.only)) {
  const before = process.memoryUsage.rss()
  let [bytes, lines, most] = [0, 0, before]
  const started = performance.now()
  for await (const chunk of (await ask('/v1/leads.csv')).body!) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 10) lines++
    most = Math.max(most, process.memoryUsage.rss())
  }
  const seconds = (performance.now() - started) / 1_000
  say(
    `leads.csv: ${lines.toLocaleString('en')} lines, ${Math.round(bytes / 2 ** 20)} MiB in ${Math.round(seconds)} s; memory grew by ${Math.round((most - before) / 2 ** 20)} MiB`,
  )
}
say(`database: ${Math.round(statSync(file).size / 2 ** 20)} MiB`)
await collector.close()
if (folder !== null) rmSync(folder, { recursive: true, force: true })
