// One thing to measure, in a process of its own. Says where it listens, then answers each message with what it has used.
//   echo                  a bare Hono server that answers with the body
//   collector [EVENTS]    a collector over a database that holds so many earlier events
//   insert                no server: each message inserts ROWS events, the bare minimum that keeping them takes
//   fill EVENTS FILE      no server either: writes so many earlier events into a file, and ends
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type Database from 'better-sqlite3'
import { Hono } from 'hono'
import type { Collector } from '../../collector/main.ts'
import { fill } from './fill.ts'
import { benchEvent, dice } from './load.ts'
import { ROWS, type Usage } from './usage.ts'

/** As it is installed: compiled, since loading TypeScript costs memory of its own. */
async function built<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../../dist/collector/${path}`, import.meta.url).href)) as Module
}
const open = createRequire(import.meta.url)('better-sqlite3') as typeof Database

const [kind = 'echo', earlier = '0', given] = process.argv.slice(2)
const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'leadlight-bench-')) : null
const file = given ?? join(folder ?? '', 'bench.db')
const say = (line: unknown) => process.stderr.write(`${String(line)}\n`)
process.once('disconnect', () => {
  if (folder) rmSync(folder, { recursive: true, force: true })
  process.exit()
})

const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpu: user + system, memory: process.memoryUsage.rss() }
}

/** Work is done, or a question answered, and then what it took is told. */
function answerWith(work: (asked: unknown) => Promise<object> | void): void {
  process.on('message', asked => {
    void Promise.resolve(work(asked)).then(answer => process.send?.({ ...usage(), ...answer }))
  })
}

if (kind === 'echo') {
  const app = new Hono().post('/e', async c => c.text(await c.req.text()))
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
    answerWith(() => {})
    process.send?.({ url: `http://127.0.0.1:${port}`, key: '' })
  })
} else if (kind === 'insert') {
  const { openStore } = await built<typeof import('../../collector/store/open.ts')>('store/open.js')
  await (await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })).close()
  answerWith(bareInserts())
  process.send?.({ url: '', key: '' })
} else if (kind === 'fill') {
  const { url, site, close } = await collector()
  // One event that the collector itself has judged: its person is the pattern for all others.
  const now = Date.now()
  const batch = { v: 1, key: site.writeKey, visitor: 'first', sent_at: now, events: [benchEvent(dice(1), now, 0)] }
  await fetch(`${url}/e`, { method: 'POST', headers: { Origin: url, 'User-Agent': '' }, body: JSON.stringify(batch) })
  await close()
  fill(file, Number(earlier), say)
} else {
  if (Number(earlier) > 0) {
    const script = process.argv[1] ?? ''
    execFileSync(process.execPath, [script, 'fill', earlier, file], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const { url, site, close } = await collector()
  answerWith(async asked => {
    if (asked === 'commits') return { commits: await commitsOf(url) }
    if (asked !== 'close') return {}
    await close()
    return { disk: size(file) / eventsIn(file) }
  })
  process.send?.({ url, key: site.writeKey })
}

async function collector(): Promise<Collector> {
  const { readConfig } = await built<typeof import('../../collector/config.ts')>('config.js')
  const { startCollector } = await built<typeof import('../../collector/main.ts')>('main.js')
  const config = readConfig({}, { '--port': '0', '--database-url': `file:${file}`, '--visitor-rate': '0' })
  return startCollector(config, { clock: Date.now, log: say, onFailure: say })
}

/** Transactions so far, by its own count. */
async function commitsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^leadlight_commit_events_count (\d+)/m.exec(text)?.[1])
}

function eventsIn(path: string): number {
  const db = open(path, { readonly: true })
  const count = db.prepare('SELECT count(*) FROM events').pluck().get() as number
  db.close()
  return count
}

/** The rows of the collector's own trials with nothing around them: one prepared statement, 1,000 rows a transaction. */
function bareInserts(): () => void {
  const db = open(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('wal_autocheckpoint = 10000')
  const insert = db.prepare(
    `INSERT INTO events (site_id, id, visitor_id, at, raw_at, received_at, type, view, seq, url, title, properties, provenance, device_id)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'browser', 1)`,
  )
  const pick = dice(1)
  const thousand = db.transaction(() => {
    for (let seq = 0; seq < 1_000; seq++) {
      const at = Date.now()
      const { id, type, view, url, title, properties } = benchEvent(pick, at, seq % 20)
      insert.run(
        Buffer.from(id.replaceAll('-', ''), 'hex'),
        pick(1_000),
        at,
        at,
        at,
        type,
        view,
        seq % 20,
        url,
        title,
        JSON.stringify(properties),
      )
    }
  })
  return () => {
    for (let rows = 0; rows < ROWS; rows += 1_000) thousand()
  }
}
