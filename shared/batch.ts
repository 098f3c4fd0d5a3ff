import type { WireEvent } from './event.ts'
import type { Instant } from './instant.ts'

/** What one request to `POST /e` carries: events of one visitor, sealed with the identity they happened under. */
export interface Batch {
  v: 1
  /** The site's public write key, `wk_…`. */
  key: string
  /** The browser's anonymous id. */
  visitor: string
  /** Stamped at each sending, so that the collector can correct a wrong clock even for a replay. */
  sent_at: Instant
  consent?: 'granted' | 'denied'
  events: WireEvent[]
}

/** The answer to a batch, sent after the commit: every event is in exactly one of `accepted` and `dropped`. */
export interface BatchResult {
  /** Events on disk: newly stored + `duplicate` + `quarantined`. */
  accepted: number
  /** Of those, already known by their id; they changed nothing. */
  duplicate: number
  /** Of those, not well-formed; kept as they came, with the reason, and worth nothing. */
  quarantined: number
  /** Events that were not kept, by their place in the batch. */
  dropped: { index: number; reason: DropReason }[]
}

/** Why an event was not kept. Closed list. */
export type DropReason =
  | 'event_too_large'
  | 'consent_denied'
  /** It happened before the person was erased: a late retry. */
  | 'erased'

export const MAX_BATCH_EVENTS = 500
/** Bytes of a batch, inflated. */
export const MAX_BATCH_BYTES = 512 * 1024
/** Bytes of one event as JSON in UTF-8. */
export const MAX_EVENT_BYTES = 32 * 1024
