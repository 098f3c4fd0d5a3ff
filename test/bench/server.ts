// One thing to measure, in a process of its own. Says where it listens, then answers each message with what it has used.
//   echo                  a bare Hono server that answers with the body
//   collector [EVENTS]    a collector over a database that holds so many earlier events
//   insert                no server: each message inserts ROWS events, the bare minimum that keeping them takes
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type Database from 'better-sqlite3'
import { Hono } from 'hono'
import { fill } from './fill.ts'
import { benchEvent, dice } from './load.ts'
import { ROWS, type Usage } from './usage.ts'

/** As it is installed: compiled, since loading TypeScript costs memory of its own. */
async function built<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../../dist/collector/${path}`, import.meta.url).href)) as Module
}
const { readConfig } = await built<typeof import('../../collector/config.ts')>('config.js')
const { startCollector } = await built<typeof import('../../collector/main.ts')>('main.js')
const { openStore } = await built<typeof import('../../collector/store/open.ts')>('store/open.js')

const [kind = 'echo', earlier = '0'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
const file = join(folder, 'bench.db')
const say = (line: string) => process.stderr.write(`${line}\n`)
process.once('disconnect', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit()
})

const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpu: user + system, memory: process.memoryUsage.rss(), disk: size(file) + size(`${file}-wal`) }
}

const answerWith = (work: () => void = () => {}) => {
  process.on('message', () => {
    work()
    process.send?.(usage())
  })
}

if (kind === 'echo') {
  const app = new Hono().post('/e', async c => c.text(await c.req.text()))
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
    answerWith()
    process.send?.({ url: `http://127.0.0.1:${port}`, key: '' })
  })
} else if (kind === 'insert') {
  await (await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })).close()
  answerWith(bareInserts())
  process.send?.({ url: '', key: '' })
} else {
  const config = readConfig({}, { '--port': '0', '--database-url': `file:${file}`, '--visitor-rate': '0' })
  const surroundings = {
    clock: Date.now,
    log: (fault: unknown) => say(String(fault)),
    onFailure: (fault: Error) => say(String(fault)),
  }
  if (Number(earlier) > 0) {
    const { url, site, close } = await startCollector(config, surroundings)
    const batch = {
      v: 1,
      key: site.writeKey,
      visitor: 'first',
      sent_at: Date.now(),
      events: [benchEvent(dice(1), Date.now(), 0)],
    }
    await fetch(`${url}/e`, { method: 'POST', headers: { Origin: url, 'User-Agent': '' }, body: JSON.stringify(batch) })
    await close()
    fill(file, Number(earlier), say)
  }
  const { url, site } = await startCollector(config, surroundings)
  answerWith()
  process.send?.({ url, key: site.writeKey })
}

/** The rows of the collector's own trials with nothing around them: one prepared statement, 1,000 rows a transaction. */
function bareInserts(): () => void {
  const db = new (createRequire(import.meta.url)('better-sqlite3') as typeof Database)(file)
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
