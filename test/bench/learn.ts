import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { bestThreshold, thresholdForCapacity, thresholdRows } from '../../shared/backtest.ts'
import { progress } from '../../collector/cli/progress.ts'
import { backtest, BACKTEST_DEFAULTS } from '../../collector/reports/backtest.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { shop } from '../../collector/scoring/starters/shop.ts'
import { openStore } from '../../collector/store/open.ts'
import { uuidv7 } from '../../shared/uuid.ts'

// node test/bench/learn.ts [EVENTS]: a back-test of the shop's model over so many events, by default a million of 50,000
// people, from a database file; then how long a threshold change takes.

const EVENTS = Number(process.argv[2] ?? 1_000_000)
const EVENTS_A_PERSON = 20
const folder = mkdtempSync(join(tmpdir(), 'leadlight-learn-'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`

try {
  const path = join(folder, 'learn.db')
  const store = await openStore(`file:${path}`, { newId: () => uuidv7(Date.now(), randomBytes(10)) })
  const { id: site } = await store.addSite({ name: 'Bench', writeKey: 'wk_bench', origins: [], createdAt: 0 }, shop)
  const people = EVENTS / EVENTS_A_PERSON
  await fill(people)
  const draft = { ...shop, name: 'Draft', rules: shop.rules.map(rule => ({ ...rule })) }
  const version = await store.draft(site, draft, 'bench', Date.now())
  say(`${people.toLocaleString('en')} people, ${EVENTS.toLocaleString('en')} events; a draft against the live model:`)

  const bar = progress('backtest', people)
  const began = performance.now()
  const cpu = process.cpuUsage()
  const found = await backtest(store, site, { version, document: draft }, BACKTEST_DEFAULTS, done => bar.at(done))
  bar.end(people)
  const { user, system } = process.cpuUsage(cpu)
  say(`back-test: ${seconds(began)}, ${((user + system) / 1e6).toFixed(1)} s of CPU; at most 60 s`)
  const { histogram, period, auc } = found
  const changed = performance.now()
  const rows = thresholdRows(histogram, period.weeks)
  const best = bestThreshold(histogram, 1)
  const capacity = thresholdForCapacity(histogram, period.weeks, 25)
  say(
    `threshold change: ${(performance.now() - changed).toFixed(2)} ms for ${rows.length} thresholds; at most 300 ms (AUC ${auc?.toFixed(3)}, best ${best}, for 25 a week ${capacity})`,
  )
  await store.close()

  /** One real person judged, then copied straight into the file with events of many kinds, one in six of them a buyer. */
  async function fill(count: number): Promise<void> {
    const first = { id: uuidv7(1, randomBytes(10)), type: 'page_view', at: 1, rawAt: 1, properties: {} }
    const event = { ...first, provenance: 'browser' as const, mark: null }
    await store.record([{ site, visitor: 'first', receivedAt: 1, events: [event], quarantined: [] }], 1, engine)
    const open = createRequire(import.meta.url)('better-sqlite3') as typeof Database
    const db = open(path)
    db.pragma('synchronous = OFF')
    const columns = (db.pragma('table_info(persons)') as { name: string }[]).map(({ name }) => name)
    const copied = columns.map(name => (name === 'id' ? `printf('p-%08d', n)` : name))
    const numbers = (most: number) =>
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${most})`
    db.exec(
      `${numbers(count)} INSERT INTO persons (${columns.join(', ')}) SELECT ${copied.join(', ')} FROM numbers, (SELECT * FROM persons LIMIT 1);
       ${numbers(count)} INSERT INTO visitors (site_id, visitor, person_id, current) SELECT ${site}, 'v-' || n, printf('p-%08d', n), 1 FROM numbers`,
    )
    const base = db.prepare(`SELECT min(id) FROM visitors WHERE visitor LIKE 'v-%'`).pluck().get() as number
    const filling = progress('fill', EVENTS)
    const slice = 100_000
    const insert = db.prepare(
      `${numbers(slice)} INSERT INTO events (site_id, id, visitor_id, at, raw_at, received_at, type, view, seq, url, properties, provenance)
       SELECT ${site}, unhex(printf('%012x7%03x8%015x', @from + n, n % 4096, abs(random()) % 1152921504606846975)),
         ${base} + (@from + n) % ${count}, 1700000000000 + (@from + n) * 1000, 0, 0,
         CASE abs(random()) % 12 WHEN 0 THEN 'add_to_cart' WHEN 1 THEN 'user_engagement' WHEN 2 THEN 'file_download'
           WHEN 3 THEN 'add_to_wishlist' ELSE CASE WHEN abs(random()) % 80 = 0 THEN 'purchase' ELSE 'page_view' END END,
         'view-' || n % 9, n % 9, 'https://shop.example/products/' || n % 500,
         '{"item_id":"A' || n % 40 || '","engaged_ms":61000,"file_extension":"pdf"}', 'browser' FROM numbers`,
    )
    for (let from = 0; from < EVENTS; from += slice) {
      insert.run({ from })
      filling.at(from)
    }
    filling.end(EVENTS)
    db.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
