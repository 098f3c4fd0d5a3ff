import { MAX_BATCH_EVENTS, MAX_EVENT_BYTES, type BatchResult } from '../../shared/batch.ts'
import type { WireEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { readUuid } from '../../shared/uuid.ts'
import { cleanProperties, cleanText, MAX_DEPTH } from './clean.ts'

/** A body taken apart. Every event of it is in exactly one of the three lists. */
export interface Decoded {
  /** The public write key, or `null` when the request proves itself by a secret one. */
  key: string | null
  visitor: string
  /** When the sender sent it, by its own clock. */
  sentAt: Instant
  events: WireEvent[]
  quarantined: { raw: string; reason: string }[]
  dropped: BatchResult['dropped']
}

const MAX_VISITOR = 100

/** Reads the body of `POST /e`. Throws a refusal when the batch as a whole cannot be read; a bad event costs no other. */
export function decode(body: string): Decoded {
  const batch = parse(body)
  const { key, visitor, sent_at, consent, events } = batch
  const wrong: { pointer: string; detail: string }[] = []
  const sentAt = readInstant(sent_at)
  if (batch['v'] !== 1) wrong.push({ pointer: '/v', detail: 'must be 1' })
  if (key !== undefined && typeof key !== 'string') wrong.push({ pointer: '/key', detail: 'must be a write key, wk_…' })
  if (typeof visitor !== 'string' || visitor.trim() === '' || visitor.length > MAX_VISITOR) {
    wrong.push({ pointer: '/visitor', detail: `must be a text of 1 to ${MAX_VISITOR} characters` })
  }
  if (sentAt === null)
    wrong.push({ pointer: '/sent_at', detail: 'must be an instant: milliseconds since 1970, or RFC 3339' })
  if (consent !== undefined && consent !== 'granted' && consent !== 'denied') {
    wrong.push({ pointer: '/consent', detail: 'must be "granted" or "denied"' })
  }
  if (!Array.isArray(events)) wrong.push({ pointer: '/events', detail: 'must be a list of events' })
  if (wrong.length > 0 || !Array.isArray(events) || sentAt === null) {
    throw new Refusal('invalid', 'The batch is not well-formed.', wrong)
  }
  if (events.length > MAX_BATCH_EVENTS) {
    throw new Refusal('too_large', `A batch holds at most ${MAX_BATCH_EVENTS} events; this one has ${events.length}.`)
  }
  const decoded: Decoded = {
    key: typeof key === 'string' ? key : null,
    visitor: cleanText(String(visitor)).trim(),
    sentAt,
    events: [],
    quarantined: [],
    dropped: [],
  }
  for (const [index, item] of events.entries()) place(decoded, index, item, consent === 'denied')
  return decoded
}

function place(decoded: Decoded, index: number, item: unknown, denied: boolean): void {
  if (denied) return void decoded.dropped.push({ index, reason: 'consent_denied' })
  const raw = JSON.stringify(item)
  if (Buffer.byteLength(raw) > MAX_EVENT_BYTES) return void decoded.dropped.push({ index, reason: 'event_too_large' })
  const event = readEvent(item)
  if (typeof event === 'string') decoded.quarantined.push({ raw: cleanText(raw), reason: event })
  else decoded.events.push(event)
}

function parse(body: string): Record<string, unknown> {
  try {
    const batch: unknown = JSON.parse(body)
    if (batch !== null && typeof batch === 'object' && !Array.isArray(batch)) return batch as Record<string, unknown>
  } catch (error) {
    throw new Refusal('invalid', 'The body is not JSON.', [{ pointer: '', detail: (error as Error).message }])
  }
  throw new Refusal('invalid', 'The body must be a JSON object: { v: 1, key, visitor, sent_at, events: [] }.')
}

/** Milliseconds since 1970, or RFC 3339 text. */
export function readInstant(value: unknown): Instant | null {
  const instant = typeof value === 'string' ? Date.parse(value) : value
  const inRange = typeof instant === 'number' && instant >= 0 && instant <= 8_640_000_000_000_000
  return inRange ? Math.trunc(instant) : null
}

const isText = (value: unknown, max: number): value is string => typeof value === 'string' && value.length <= max

/** The event, or why it is none. Unknown fields are left out. */
function readEvent(value: unknown): WireEvent | string {
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
    if (clean === null) return `properties: must not be nested deeper than ${MAX_DEPTH} levels`
    event.properties = clean
  }
  return event
}

const present = (value: unknown): boolean => value !== undefined && value !== null
