import type { BatchResult } from '../../shared/batch.ts'
import type { WireEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Quarantined, Sending } from '../../shared/quarantine.ts'
import { Refusal } from '../../shared/refusal.ts'
import { cleanText } from './clean.ts'
import { readEvent, readInstant } from './event.ts'
import { readItems, TOO_DEEP, type Item } from './items.ts'

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
/** Reads the body of `POST /e`. Throws a refusal when the batch as a whole cannot be read. */
export function readBatch(text: string): Message {
  const { body, items } = readItems(text, 'events', '{ v: 1, key, visitor, sent_at, events: [] }')
  const { v, key, visitor, sent_at, consent } = body
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
  if (!items) wrong.push({ pointer: '/events', detail: 'must be a list of events' })
  if (wrong.length > 0 || !items || sentAt === null)
    throw new Refusal('invalid', 'The batch is not well-formed.', wrong)
  const denied = consent === 'denied'
  const frame: Frame = {
    visitor: cleanText(String(visitor)).trim(),
    sentAt,
    consent: consent === 'granted' || consent === 'denied' ? consent : null,
    size: items.length,
    decode: () => (denied ? dropAll(items) : readAll(items)),
  }
  return { key: typeof key === 'string' ? key : null, frames: [frame] }
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
const dropAll = (items: readonly Item[]): Decoded => ({
  events: [],
  quarantined: [],
  places: new Map(),
  dropped: items.map((_, index) => ({ index, reason: 'consent_denied' })),
})

function readAll(items: readonly Item[]): Decoded {
  const decoded: Decoded = { events: [], quarantined: [], places: new Map(), dropped: [] }
  for (const [index, { value, raw, why }] of items.entries()) {
    if (why === 'too_large') {
      decoded.dropped.push({ index, reason: 'event_too_large' })
      continue
    }
    const event = why === 'too_deep' ? TOO_DEEP : readEvent(value())
    if (typeof event !== 'string') {
      decoded.events.push(event)
      decoded.places.set(event.id, index)
      continue
    }
    const text = cleanText(raw())
    decoded.quarantined.push({ raw: text, reason: event })
    decoded.places.set(text, index)
  }
  return decoded
}
