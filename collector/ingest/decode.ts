import { MAX_BATCH_EVENTS, MAX_EVENT_BYTES, type BatchResult } from '../../shared/batch.ts'
import type { WireEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Quarantined, Sending } from '../../shared/quarantine.ts'
import { Refusal } from '../../shared/refusal.ts'
import { cleanText } from './clean.ts'
import { readEvent, readInstant } from './event.ts'
import { layOut, type Layout } from './event-text.ts'

/** What a batch says of itself. Its events are read by a second step, so that a batch can be turned away before. */
export interface Frame {
  visitor: string
  /** When the sender sent it, by its own clock. */
  sentAt: Instant
  consent?: 'granted' | 'denied' | null
  /** How many events it holds. */
  size: number
  /** Reads the events; a bad one costs no other. */
  decode: () => Decoded
}

/** What a request says. */
export interface Message {
  /** The public write key, or `null` when the request proves itself by a secret one. */
  key: string | null
  /** One for each visitor. */
  frames: Frame[]
}

/** An event, and what its sender says beside it. */
export interface SentEvent extends WireEvent {
  /** The site's own id of who did it. */
  user?: string
  /** Of the machine that it happened on, where that is not the one that sends. */
  userAgent?: string
  /** `utm_source`, …: counts where the address says nothing. */
  campaign?: Record<string, string>
}

/** The events of a batch. Each is in exactly one of the three lists. */
export interface Decoded {
  events: SentEvent[]
  /** As they came, and why they are no events. */
  quarantined: (Pick<Quarantined, 'raw' | 'reason'> & Pick<Sending, 'call' | 'context'>)[]
  /** Where in the batch what was read stands, by the id of an event or the text of what is none. */
  places: Map<string, number>
  dropped: BatchResult['dropped']
}

export const MAX_VISITOR = 100
/** Levels of nesting in a whole batch, beyond which it is not parsed: brackets in brackets take fifty times their length in memory. */
const MAX_NESTING = 64
export const TOO_DEEP = `event: must not be nested deeper than ${MAX_NESTING} levels`

/** Reads the body of `POST /e`. Throws a refusal when the batch as a whole cannot be read. */
export function readBatch(text: string): Message {
  // No event of a small body is too large, and none is deep enough to be worth a look before it is parsed.
  const { parsable, cut } = isSmall(text) ? { parsable: text } : cutOut(text)
  const { v, key, visitor, sent_at, consent, events } = parse(parsable)
  const wrong: { pointer: string; detail: string }[] = []
  const sentAt = readInstant(sent_at)
  if (v !== 1) wrong.push({ pointer: '/v', detail: 'must be 1' })
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
  const denied = consent === 'denied'
  const frame: Frame = {
    visitor: cleanText(String(visitor)).trim(),
    sentAt,
    consent: consent === 'granted' || consent === 'denied' ? consent : null,
    size: events.length,
    decode: () => (denied ? dropAll(events) : readAll(events, text, cut)),
  }
  return { key: typeof key === 'string' ? key : null, frames: [frame] }
}

export const isSmall = (text: string): boolean => Buffer.byteLength(text) <= MAX_EVENT_BYTES

/** Events that are not parsed, by their place in the batch. */
export type Cut = Map<number, 'too_large' | 'too_deep'>

/** The text with `null` for each event that is too large or too deep, so that those are never parsed. */
export function cutOut(text: string, list = 'events'): { parsable: string; cut: Cut } {
  const { events, depth } = layOut(text, list)
  if (depth > MAX_NESTING) throw new Refusal('invalid', `The body is nested deeper than ${MAX_NESTING} levels.`)
  const cut: Cut = new Map()
  let parsable = ''
  let from = 0
  for (const [index, span] of events.entries()) {
    const tooLarge = Buffer.byteLength(text.slice(span.start, span.end)) > MAX_EVENT_BYTES
    if (!tooLarge && span.depth <= MAX_NESTING) continue
    cut.set(index, tooLarge ? 'too_large' : 'too_deep')
    parsable += `${text.slice(from, span.start)}null`
    from = span.end
  }
  return { parsable: parsable + text.slice(from), cut }
}

/** The object that a body is; a refusal for anything else. */
export function parse(text: string, shape = '{ v: 1, key, visitor, sent_at, events: [] }'): Record<string, unknown> {
  try {
    const batch: unknown = JSON.parse(text)
    if (batch !== null && typeof batch === 'object' && !Array.isArray(batch)) return batch as Record<string, unknown>
  } catch (error) {
    // Without the excerpt that V8 quotes: a terminal and a log are told of it, too.
    const detail = (error as Error).message.replace(/, (\.\.\.)?"[^]*$/, '')
    throw new Refusal('invalid', 'The body is not JSON.', [{ pointer: '', detail }])
  }
  throw new Refusal('invalid', 'The body must be a JSON object: ' + shape + '.')
}

/** What a text in quarantine says; `undefined` when it is no JSON. */
export function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}

/** Events of a person who withheld consent are not kept, whatever they are. */
const dropAll = (events: unknown[]): Decoded => ({
  events: [],
  quarantined: [],
  places: new Map(),
  dropped: events.map((_, index) => ({ index, reason: 'consent_denied' })),
})

function readAll(events: unknown[], text: string, cut?: Cut): Decoded {
  const decoded: Decoded = { events: [], quarantined: [], places: new Map(), dropped: [] }
  let layout: Layout | null = null
  for (const [index, item] of events.entries()) {
    const why = cut?.get(index)
    if (why === 'too_large') {
      decoded.dropped.push({ index, reason: 'event_too_large' })
      continue
    }
    const event = why === 'too_deep' ? TOO_DEEP : readEvent(item)
    if (typeof event !== 'string') {
      decoded.events.push(event)
      decoded.places.set(event.id, index)
      continue
    }
    layout ??= layOut(text)
    const { start = 0, end = 0 } = layout.events[index] ?? {}
    const raw = cleanText(text.slice(start, end))
    decoded.quarantined.push({ raw, reason: event })
    decoded.places.set(raw, index)
  }
  return decoded
}
