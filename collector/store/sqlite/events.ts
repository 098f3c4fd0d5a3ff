import type { Device, Mark, StoredEvent } from '../../../shared/event.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { ArrivedEvent } from '../store.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import type { Connection } from './open.ts'
import { fromBytes, toBytes } from './uuid.ts'
import { historyWalker } from './walk.ts'

interface EventRow {
  id: Buffer
  visitor: string
  at: number
  type: string
  view: string | null
  seq: number | null
  url: string | null
  referrer: string | null
  title: string | null
  properties: string | null
  provenance: StoredEvent['provenance']
  mark: StoredEvent['mark']
  touch: string | null
  device_type: Device['type'] | null
  browser: string | null
  os: string | null
}

/** Columns of an event as it is read, with the tables they come from. */
export const EVENT_COLUMNS = `e.id, (SELECT visitor FROM visitors WHERE id = e.visitor_id) AS visitor, e.at, e.type, e.view,
  e.seq, e.url, e.referrer, e.title, e.properties, e.provenance, e.mark, e.touch, d.type AS device_type, d.browser, d.os`
export const EVENT_TABLES = `events e LEFT JOIN devices d ON d.id = e.device_id`

/** Which events are a person's. Several times as fast as a join, which sorts even what one visitor did in order. */
export const OF_PERSON = `e.visitor_id IN
  (SELECT id FROM visitors WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON})`

export function readEvent(value: unknown): StoredEvent {
  const row = value as EventRow
  const event: StoredEvent = {
    id: fromBytes(row.id),
    type: row.type,
    at: row.at,
    visitor: row.visitor,
    properties: row.properties === null ? {} : JSON.parse(row.properties),
    provenance: row.provenance,
    mark: row.mark,
  }
  if (row.view !== null) event.view = row.view
  if (row.seq !== null) event.seq = row.seq
  if (row.url !== null) event.url = row.url
  if (row.referrer !== null) event.referrer = row.referrer
  if (row.title !== null) event.title = row.title
  if (row.touch !== null) event.touch = JSON.parse(row.touch)
  if (row.device_type !== null) event.device = { type: row.device_type, browser: row.browser ?? '', os: row.os ?? '' }
  return event
}

/** Appends events; prepared by hand, since a query builder costs several times the insert itself. */
export function eventLog(connection: Connection) {
  const insert = connection.prepare(
    `INSERT INTO events (site_id, id, visitor_id, at, raw_at, received_at, type, view, seq, url, referrer, title,
       properties, provenance, mark, touch, device_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const move = connection.prepare('UPDATE events SET visitor_id = ? WHERE site_id = ? AND id = ?')
  const remark = connection.prepare(
    `UPDATE events SET mark = @mark,
       provenance = CASE WHEN @mark IS NULL AND provenance = 'weak' THEN 'browser' ELSE provenance END
     WHERE visitor_id = @visitorId AND mark IS NOT @mark`,
  )
  const firstReceived = connection.prepare('SELECT min(received_at) FROM events WHERE visitor_id = ?').pluck()
  const devices = deviceIds(connection)

  return {
    /** False when the id was known before. */
    append(site: number, visitorId: number, receivedAt: number, event: ArrivedEvent): boolean {
      const { changes } = insert.run(
        site,
        toBytes(event.id),
        visitorId,
        event.at,
        event.rawAt,
        receivedAt,
        event.type,
        event.view ?? null,
        event.seq ?? null,
        event.url ?? null,
        event.referrer ?? null,
        event.title ?? null,
        jsonOrNull(event.properties),
        event.provenance,
        event.mark,
        event.touch ? JSON.stringify(event.touch) : null,
        event.device ? devices.of(event.device) : null,
      )
      return changes === 1
    },
    move: (site: number, event: string, visitorId: number) => void move.run(visitorId, site, toBytes(event)),
    /** When a visitor was first heard of. */
    firstReceived: (visitorId: number): Instant | null => firstReceived.get(visitorId) as Instant | null,
    /** How many events of a visitor have another mark than before. */
    remark: (visitorId: number, mark: Mark | null): number => remark.run({ visitorId, mark }).changes,
    /** After a rollback: ids remembered from it may not exist. */
    forget: devices.forget,
    ...historyWalker(connection),
  }
}

const jsonOrNull = (properties: object): string | null => {
  const json = JSON.stringify(properties)
  return json === '{}' ? null : json
}

export type EventLog = ReturnType<typeof eventLog>

/** Device descriptions are few: each is kept once, and its id remembered. */
function deviceIds(connection: Connection) {
  const add = connection.prepare('INSERT INTO devices (type, browser, os) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const find = connection.prepare('SELECT id FROM devices WHERE type = ? AND browser = ? AND os = ?').pluck()
  const known = new Map<string, number>()

  return {
    of({ type, browser, os }: Device): number {
      const key = JSON.stringify([type, browser, os])
      const cached = known.get(key)
      if (cached !== undefined) return cached
      if (known.size >= 1_000) known.clear()
      add.run(type, browser, os)
      const id = find.get(type, browser, os) as number
      known.set(key, id)
      return id
    },
    forget: () => known.clear(),
  }
}
