import type { WireEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import { readUuid } from '../../shared/uuid.ts'
import { cleanProperties, cleanText } from './clean.ts'

/** Milliseconds since 1970, or RFC 3339 text. */
export function readInstant(value: unknown): Instant | null {
  const instant = typeof value === 'string' ? Date.parse(value) : value
  const inRange = typeof instant === 'number' && instant >= 0 && instant <= 8_640_000_000_000_000
  return inRange ? Math.trunc(instant) : null
}

const isText = (value: unknown, max: number): value is string => typeof value === 'string' && value.length <= max

/** The event, or why it is none. Unknown fields are left out. */
export function readEvent(value: unknown): WireEvent | string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'event: must be an object'
  const { id, type, at, view, seq, url, referrer, title, properties } = value as Record<string, unknown>
  const uuid = readUuid(id)
  if (uuid === null) return 'id: must be a UUID'
  if (!isText(type, 100) || type.trim() === '') return 'type: must be a text of 1 to 100 characters'
  const happened = readInstant(at)
  if (happened === null) return 'at: must be an instant: milliseconds since 1970, or RFC 3339'
  const event: WireEvent = { id: uuid, type: cleanText(type).trim(), at: happened }
  if (present(view)) {
    if (!isText(view, 64)) return 'view: must be a text of at most 64 characters'
    event.view = cleanText(view)
  }
  if (present(seq)) {
    if (!Number.isSafeInteger(seq) || (seq as number) < 0) return 'seq: must be a whole number from 0'
    event.seq = seq as number
  }
  for (const [name, text] of Object.entries({ url, referrer })) {
    if (!present(text)) continue
    if (!isText(text, 4_096)) return `${name}: must be a text of at most 4096 characters`
    event[name as 'url' | 'referrer'] = cleanText(text)
  }
  if (present(title)) {
    if (typeof title !== 'string') return 'title: must be a text'
    event.title = cleanText(title.slice(0, 300))
  }
  if (present(properties)) {
    if (typeof properties !== 'object' || Array.isArray(properties)) return 'properties: must be an object'
    const clean = cleanProperties(properties as object)
    if (typeof clean === 'string') return `properties: ${clean}`
    event.properties = clean
  }
  return event
}

const present = (value: unknown): boolean => value !== undefined && value !== null
