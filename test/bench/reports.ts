// How long lists and reports take over many people: medians and 95th percentiles, and the CPU that they take.
//   npm run bench:reports -- --people 1000000 --runs 30 --database /tmp/reports.db
// A database that is there already is used as it is: filling and folding a million people takes some minutes.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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
await fold()
const collector = await startCollector(config, surroundings)
const ask = async (path: string) => {
  const answer = await fetch(collector.url + path, { headers: { Authorization: `Bearer ${ADMIN}` } })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer
}

/** One whom the collector judged, then all others. */
async function fill(): Promise<void> {
  const begun = await startCollector(config, surroundings)
  const event = { id: '01900000-0000-7000-8000-000000000001', type: 'page_view', at: Date.now() }
  await fetch(`${begun.url}/e`, {
    method: 'POST',
    headers: {
      Origin: begun.url,
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
    body: JSON.stringify({ v: 1, key: begun.site.writeKey, visitor: 'ada', sent_at: Date.now(), events: [event] }),
  })
  await begun.close()
  people(file, Number(given.people), say)
}

async function fold(): Promise<void> {
  const store = await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })
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
  await store.close()
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
  'q=nobody-at-all',
  'campaign=c7',
  'campaign=c7&touch=first&stage=mql',
  'page=/&reached=mql',
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
]

const rows: object[] = []
async function measure(limit: number, path: string): Promise<void> {
  if (given.only !== '' && !path.includes(given.only)) return
  const times: number[] = []
  const { user, system } = process.cpuUsage()
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
    over: at(0.95) > limit ? `> ${limit}` : '',
  })
}

await ask('/v1/leads') // warm-up
for (const query of LISTS) await measure(50, `/v1/leads?${query}`)
for (const query of REPORTS) await measure(300, `/v1/reports/${query}`)
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
