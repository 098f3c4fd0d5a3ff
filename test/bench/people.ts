import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'

const open = createRequire(import.meta.url)('better-sqlite3') as typeof Database

const YEAR = 365 * 86_400_000
const DAY = 86_400_000

/**
 * Writes so many people straight into a database file that has one whom the collector itself judged: over a year, each
 * with ten events of some weeks, on 500 pages, a third by one of 50 campaigns, one in ten known, and as far as the shares
 * below. Reports have yet to be folded.
 */
export function people(path: string, count: number, say: (line: string) => void): void {
  const db = open(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -800000')
  const begun = Math.floor(Date.now() / DAY) * DAY - YEAR
  const step = YEAR / count
  const numbers = (from: number, to: number) =>
    `WITH RECURSIVE numbers(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to - 1})`
  const firstAt = `${begun} + CAST(n * ${step} AS INTEGER)`
  // Multiples of primes, so that shares of people are spread over the year.
  const rank = `(n * 7919 % 1000)`
  const stage = `CASE WHEN ${rank} < 2 THEN 'customer' WHEN ${rank} < 3 THEN 'opportunity' WHEN ${rank} < 5 THEN 'sql'
    WHEN ${rank} < 20 THEN 'mql' WHEN ${rank} < 60 THEN 'lead' WHEN ${rank} < 100 THEN 'subscriber' ELSE 'visitor' END`
  const touch = (at: string) =>
    `CASE WHEN n % 3 = 0 THEN json_object('at', ${at}, 'source', 'news', 'medium', 'email', 'campaign', 'c' || (n % 50), 'content', 'ad' || (n % 200))
      WHEN n % 3 = 1 THEN json_object('at', ${at}, 'source', 'google', 'medium', 'organic', 'referrer', 'https://www.google.com/') END`
  const happened = (after: string) => `CAST(${firstAt} + ${after} * (n * 13 % 30) * ${DAY / 9} AS INTEGER)`
  const values: Record<string, string> = {
    id: `printf('0190%08x-7000-8000-0000-%012x', n, n)`,
    stage,
    stage_since: `CASE WHEN ${rank} < 100 THEN ${firstAt} + ${rank} * 3600000 END`,
    score: `(n * 37 % 10007) / 100.0`,
    grade: `substr('ABCD', 1 + n % 4, 1) || (1 + n * 31 % 4)`,
    email: `CASE WHEN ${rank} < 100 THEN 'person' || n || '@company' || (n % 9973) || '.example' END`,
    name: `CASE WHEN ${rank} < 100 THEN 'Person ' || n END`,
    company: `CASE WHEN ${rank} < 100 THEN 'Company ' || (n % 9973) END`,
    first_touch: touch(firstAt),
    last_touch: touch(firstAt),
    first_seen: firstAt,
    last_seen: `${firstAt} + (n * 13 % 30) * ${DAY}`,
    labels: `CASE WHEN n * 37 % 10007 > 9000 THEN '["hot"]' ELSE '[]' END`,
    candidate_since: `CASE WHEN ${rank} = 5 THEN ${firstAt} END`,
    due_at: 'NULL',
  }
  const columns = (db.pragma('table_info(persons)') as { name: string }[]).map(({ name }) => name)
  const slice = 50_000
  const firstVisitor = (db.prepare('SELECT ifnull(max(id), 0) FROM visitors').pluck().get() as number) + 1
  const id = values['id']!
  for (let from = 0; from < count; from += slice) {
    const some = numbers(from, Math.min(from + slice, count))
    db.exec('BEGIN')
    db.exec(
      `${some} INSERT INTO persons (${columns.join(', ')})
       SELECT ${columns.map(name => values[name] ?? `p.${name}`).join(', ')} FROM numbers, (SELECT * FROM persons ORDER BY rowid LIMIT 1) p`,
    )
    db.exec(
      `${some} INSERT INTO visitors (id, site_id, visitor, person_id, current) SELECT ${firstVisitor} + n, 1, 'v' || n, ${id}, 1 FROM numbers`,
    )
    db.exec(
      `${some}, steps(k) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)),
       told AS (SELECT n, k, ${happened('k')} AS at, ${happened('(k / 2 * 2)')} AS began, (n * (k + 1) * 7919 % 500) * (n * (k + 3) % 7 > 1) AS page FROM numbers, steps)
       INSERT INTO events (site_id, id, visitor_id, at, raw_at, received_at, type, view, seq, url, title, properties, provenance, touch)
       SELECT 1, unhex(printf('%012x7%03x8%015x', at, k, n * 10 + k)), ${firstVisitor} + n, at, at, at,
         CASE WHEN k = 9 AND n % 10 = 0 THEN 'file_download' ELSE 'page_view' END,
         printf('%08x-%04x-7000-8000-%012x', began >> 16, began & 65535, n * 5 + k / 2), k % 2,
         'https://shop.example/' || CASE page WHEN 0 THEN '' ELSE 'products/' || page END, 'A lamp for every evening',
         CASE WHEN k = 9 AND n % 10 = 0 THEN json_object('file_name', 'guide' || (n % 20) || '.pdf') END, 'browser',
         CASE WHEN k = 0 THEN ${touch('at')} END
       FROM told`,
    )
    for (const [to, share] of [
      ['subscriber', 100],
      ['lead', 60],
      ['mql', 20],
      ['sql', 5],
      ['opportunity', 3],
      ['customer', 2],
    ] as const)
      db.exec(
        `${some} INSERT INTO transitions (site_id, person_id, "from", "to", at, effective_at, actor, cause, model, score)
         SELECT 1, ${id}, 'visitor', '${to}', ${firstAt} + ${rank} * 3600000, ${firstAt} + ${rank} * 3600000, 'engine', 'event', 1, 50 FROM numbers WHERE ${rank} < ${share}`,
      )
    db.exec(`${some} INSERT INTO unfolded SELECT 1, ${id}, 0 FROM numbers`)
    db.exec('COMMIT')
    if (from % 250_000 === 0) say(`filling: ${from.toLocaleString('en')} of ${count.toLocaleString('en')} people`)
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}
