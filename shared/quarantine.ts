import type { Device, Mark, Provenance } from './event.ts'
import type { Instant } from './instant.ts'
import type { Touch } from './touch.ts'

/** What was acknowledged, but could not be an event. Kept as it came, and worth nothing. */
export interface Quarantined {
  /** The text that it came as, in well-formed Unicode. */
  raw: string
  reason: string
  provenance: Provenance
  sending: Sending
}

/** How it was sent: what it takes, besides its text, to read it again. */
export interface Sending {
  /** By the sender's clock. */
  sentAt: Instant
  mark: Mark | null
  device?: Device
  /** In Segment's words: which call of its API it came by; absent for an event of our own. */
  call?: string
  /** In Segment's words: what a batch says for all of its calls. */
  context?: object
  /** Of an event that the collector failed on: what it knew of it besides the text. */
  user?: string
  touch?: Touch
}

/** The same in the quarantine of a site. */
export interface QuarantinedItem extends Quarantined {
  /** Its place: later ones have higher numbers. */
  id: number
  receivedAt: Instant
  /** Which browser (or server-side user id) sent it. */
  visitor: string
  /** Id of the secret key that it was sent with; `null`: with the public write key. */
  key: string | null
}
