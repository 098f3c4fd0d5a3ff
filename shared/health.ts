import type { Mark } from './event.ts'
import type { Instant } from './instant.ts'

/** How the tracking of a site is doing, by the events that were received last. */
export interface TrackingHealth {
  /** When the last event was received; `null` before the first. */
  lastAt: Instant | null
  /** Of so many of the last events all else is told, received since this instant. */
  events: number
  since: Instant | null
  /** Of those, worth nothing, by why. */
  weak: Partial<Record<Mark, number>>
  /** Of those from browsers that number them: numbers that are missing between others, so events that were lost; and how many there should be. */
  lost: number
  numbered: number
  /** Received in that time but not well-formed, by reason, the most frequent first; at most ten reasons. */
  quarantined: { reason: string; count: number }[]
}
