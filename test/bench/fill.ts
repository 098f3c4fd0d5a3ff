import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'

const open = createRequire(import.meta.url)('better-sqlite3') as typeof Database

/** Events of one earlier person. */
const EVENTS_A_PERSON = 20

/** Writes so many earlier events, with their visitors and persons, straight into a migrated database file. */
export function fill(path: string, events: number, say: (line: string) => void): void {
  const db = open(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -500000')
  const persons = Math.ceil(events / EVENTS_A_PERSON)
  // One person whom the collector itself judged is copied: the size of a row is what counts here.
  const columns = (db.pragma('table_info(persons)') as { name: string }[]).map(({ name }) => name)
  const copied = columns.map(name => {
    if (name === 'id') return `'earlier-' || n`
    if (name === 'score') return `(n * 37 % 1000) / 10.0`
    if (name === 'last_seen') return `last_seen - n * 1000`
    return name
  })
  const numbers = (count: number) =>
    `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})`
  say(`filling: ${persons.toLocaleString('en')} persons`)
  db.exec(
    `${numbers(persons)} INSERT INTO persons (${columns.join(', ')}) SELECT ${copied.join(', ')} FROM numbers, (SELECT * FROM persons LIMIT 1)`,
  )
  db.exec(
    `${numbers(persons)} INSERT INTO visitors (site_id, visitor, person_id, current) SELECT 1, 'earlier-' || n, 'earlier-' || n, 1 FROM numbers`,
  )
  const first = db.prepare(`SELECT min(id) FROM visitors WHERE visitor LIKE 'earlier-%'`).pluck().get() as number
  const slice = 250_000
  const begun = Date.now() - 365 * 86_400_000
  const insert = db.prepare(
    `${numbers(slice)} INSERT INTO events (site_id, id, visitor_id, at, raw_at, received_at, type, view, seq, url, title, properties, provenance)
     SELECT 1, unhex(printf('%012x7%03x8%015x', @at + n, n % 4096, abs(random()) % 1152921504606846975)), @first + (n * 7919 + @at) % @persons, @at + n, @at + n, @at + n,
       'page_view', 'view-1', n % 9, 'https://shop.example/products/' || n % 500, 'A lamp for every evening',
       '{"item_id":"A1","engaged_ms":1000,"file_extension":"pdf"}', 'browser' FROM numbers`,
  )
  for (let done = 0; done < events; done += slice) {
    insert.run({ at: begun + done * 3, first, persons })
    if (done % 1_000_000 === 0) say(`filling: ${done.toLocaleString('en')} of ${events.toLocaleString('en')} events`)
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}
