import { createHmac, randomBytes } from 'node:crypto'
import { claims, type Identifier } from '../../../shared/identity.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Erasure, ErasureReader } from '../erasure.ts'
import type { ArrivedEvent, Arrival } from '../store.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import type { Connection } from './open.ts'
import type { Folder } from './fold.ts'
import { POSTPONED, type PersonBook } from './persons.ts'
import type { QuarantineBook } from './quarantine.ts'

/** Something that an erased person was known by. */
type Trace = Identifier | { kind: 'visitor' | 'person'; value: string }

/**
 * Who was erased, as digests with a salt of the site's own: they tell that somebody is meant again, and nothing else. Every
 * method runs inside the caller's transaction.
 */
export function tombstones(connection: Connection) {
  const all = connection.prepare('SELECT salt, digest, at FROM tombstones WHERE site_id = ?')
  const add = connection.prepare(
    `INSERT INTO tombstones (site_id, digest, salt, at, overwritten) VALUES (?, ?, ?, ?, 0)
     ON CONFLICT DO UPDATE SET at = excluded.at, overwritten = 0`,
  )
  const known = new Map<number, { salt: Buffer; dates: Map<string, Instant> }>()

  const of = (site: number) => {
    const found = known.get(site)
    if (found) return found
    const rows = all.all(site) as { salt: Buffer; digest: Buffer; at: Instant }[]
    const dates = new Map(rows.map(({ digest, at }) => [digest.toString('base64'), at]))
    const fresh = { salt: rows[0]?.salt ?? randomBytes(16), dates }
    known.set(site, fresh)
    return fresh
  }

  const digestOf = (salt: Buffer, { kind, value }: Trace): Buffer =>
    createHmac('sha256', salt).update(kind).update('\0').update(value).digest()

  return {
    any: (site: number): boolean => of(site).dates.size > 0,

    /** When whoever is meant was erased last; `null`: nobody was by any of these names. */
    erasedAt(site: number, traces: readonly Trace[]): Instant | null {
      const { salt, dates } = of(site)
      if (dates.size === 0) return null
      const found = traces.map(trace => dates.get(digestOf(salt, trace).toString('base64')) ?? -Infinity)
      const last = Math.max(-Infinity, ...found)
      return last === -Infinity ? null : last
    },

    add(site: number, traces: readonly Trace[], now: Instant): void {
      const { salt, dates } = of(site)
      for (const trace of traces) {
        const digest = digestOf(salt, trace)
        add.run(site, digest, salt, now)
        dates.set(digest.toString('base64'), now)
      }
    },

    forget: () => known.clear(),
  }
}

export type Tombstones = ReturnType<typeof tombstones>

/** What of an arrival is to be kept: nothing of the past of somebody who was erased, be it a late retry or an import. */
export function sift(
  tombs: Tombstones,
  arrival: Arrival,
): Pick<Arrival, 'events' | 'quarantined'> & { erased?: string[] } {
  const { site, visitor, events, quarantined } = arrival
  if (!tombs.any(site)) return arrival
  const visitorErased = tombs.erasedAt(site, [{ kind: 'visitor', value: visitor }]) ?? -Infinity
  const isErased = (event: ArrivedEvent) =>
    event.at <= Math.max(visitorErased, tombs.erasedAt(site, claims({ ...event, visitor }, event.user)) ?? -Infinity)
  const gone = new Set(events.filter(isErased).map(({ id }) => id))
  const unread = visitorErased === -Infinity ? [] : quarantined.map(({ raw }) => raw)
  if (gone.size + unread.length === 0) return arrival
  return {
    events: events.filter(({ id }) => !gone.has(id)),
    quarantined: unread.length > 0 ? [] : quarantined,
    erased: [...gone, ...unread],
  }
}

/** Takes persons away. Every method runs inside the caller's transaction. */
export function eraser(
  connection: Connection,
  {
    persons,
    reports,
    tombs,
    quarantine,
  }: { persons: PersonBook; reports: Pick<Folder, 'remove'>; tombs: Tombstones; quarantine: QuarantineBook },
) {
  const ids = connection.prepare(IDS_OF_PERSON.slice(1, -1)).pluck()
  const visitors = connection.prepare('SELECT id, visitor FROM visitors WHERE site_id = ? AND person_id = ?')
  const others = connection.prepare('SELECT 1 FROM visitors WHERE site_id = ? AND visitor = ? LIMIT 1')
  const identifiers = connection.prepare('SELECT kind, value FROM identifiers WHERE site_id = ? AND person_id = ?')
  const events = connection.prepare('DELETE FROM events WHERE visitor_id = ?')
  const merges = connection.prepare('DELETE FROM merges WHERE site_id = ? AND (from_id = ? OR into_id = ?)')
  const former = connection.prepare('DELETE FROM former_ids WHERE site_id = ? AND (former_id = ? OR person_id = ?)')
  // Every table that says whose its rows are, so that none is forgotten.
  const owned = connection
    .prepare(
      `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'person_id'
       WHERE m.type = 'table' AND m.name NOT IN ('former_ids', 'journeys')`,
    )
    .pluck()
    .all() as string[]
  const rows = owned.map(table => connection.prepare(`DELETE FROM "${table}" WHERE site_id = ? AND person_id = ?`))

  return {
    /** Everything of a person, named by present id. With `remembered`, whatever of it comes again is dropped. */
    remove(site: number, person: string, now: Instant, remembered: boolean): Erasure {
      const own = ids.all({ site, person }) as string[]
      const browsers = own.flatMap(id => visitors.all(site, id) as { id: number; visitor: string }[])
      const names = own.flatMap(id => identifiers.all(site, id) as Identifier[])
      let count = 0
      for (const { id } of browsers) count += events.run(id).changes
      for (const { value } of names) quarantine.removeMentioning(site, value)
      persons.remove(person)
      for (const id of own) {
        reports.remove(site, id)
        for (const table of rows) table.run(site, id)
        merges.run(site, id, id)
        former.run(site, id, id)
      }
      // A browser that somebody else uses as well stays theirs.
      const gone = browsers.map(({ visitor }) => visitor).filter(visitor => !others.get(site, visitor))
      for (const visitor of gone) quarantine.removeOf(site, visitor)
      if (remembered) {
        const kinds = [
          ...names,
          ...gone.map(value => ({ kind: 'visitor' as const, value })),
          ...own.map(value => ({ kind: 'person' as const, value })),
        ]
        tombs.add(site, kinds, now)
      }
      return { events: count, visitors: browsers.length }
    },
  }
}

/** Writes the file anew and empties its log. False while a reader holds on to what was there before. */
export function overwriting(connection: Connection): () => boolean {
  const pending = connection.prepare('SELECT 1 FROM tombstones WHERE overwritten = 0 LIMIT 1')
  const done = connection.prepare('UPDATE tombstones SET overwritten = 1 WHERE overwritten = 0')
  return () => {
    if (!pending.get()) return true
    connection.exec('VACUUM')
    const [{ busy } = { busy: 1 }] = connection.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (busy !== 0) return false
    done.run()
    return true
  }
}

export function erasureReader(connection: Connection): ErasureReader {
  const pending = connection.prepare('SELECT 1 FROM tombstones WHERE overwritten = 0 LIMIT 1')
  return {
    erased: async () => {
      const [pages, size] = [
        connection.pragma('page_count', { simple: true }),
        connection.pragma('page_size', { simple: true }),
      ]
      return { pending: pending.get() !== undefined, size: Number(pages) * Number(size) }
    },
  }
}

/** What is older than somebody wants to keep it. */
export function expiries(connection: Connection) {
  const some = connection
    .prepare(
      `SELECT id FROM persons WHERE +site_id = @site AND id > @after AND due_at IS NOT ${POSTPONED} ORDER BY id LIMIT @limit`,
    )
    .pluck()
  const visitors = connection
    .prepare(`SELECT id FROM visitors WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON}`)
    .pluck()
  const since = connection.prepare('SELECT 1 FROM events WHERE visitor_id = ? AND at >= ? LIMIT 1')
  const old = 'visitor_id = ? AND at < ?'
  const all = connection.prepare(`SELECT count(*) FROM events WHERE ${old}`).pluck()
  // Who somebody is stays known for as long as they come.
  const plain = `${old} AND json_type(properties, '$.traits') IS NULL`
  const few = connection.prepare(`SELECT count(*) FROM events WHERE ${plain}`).pluck()
  const drop = connection.prepare(`DELETE FROM events WHERE ${plain}`)

  return {
    /** Of some persons those of whom something is too old; whether all of it is, and how many events that are. */
    expiring(site: number, before: Instant, after: string, limit: number) {
      const ids = some.all({ site, after, limit }) as string[]
      const found: { id: string; isGone: boolean }[] = []
      let events = 0
      for (const person of ids) {
        const browsers = visitors.all({ site, person }) as number[]
        const isGone = browsers.every(browser => since.get(browser, before) === undefined)
        const count = browsers.reduce((sum, browser) => sum + ((isGone ? all : few).get(browser, before) as number), 0)
        events += count
        if (isGone || count > 0) found.push({ id: person, isGone })
      }
      return { persons: found, events, after: ids.length < limit ? null : (ids.at(-1) ?? null) }
    },

    /** How many events of a person were too old. */
    trim: (site: number, person: string, before: Instant): number =>
      (visitors.all({ site, person }) as number[]).reduce((sum, browser) => sum + drop.run(browser, before).changes, 0),
  }
}
