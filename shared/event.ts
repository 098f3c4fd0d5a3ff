import type { Instant } from './instant.ts'
import type { Properties } from './json.ts'
import type { Touch } from './touch.ts'

/** One thing that happened, as the script (or a server) sends it. Facts only: what they mean is the collector's business. */
export interface WireEvent {
  /** UUID, version 7 from our own script. Unique per site: sending the same id again is harmless. */
  id: string
  /** GA4's recommended name where it has one (`add_to_cart`), any other name otherwise. */
  type: string
  /** When it happened, by the sender's clock. */
  at: Instant
  /** The page instance it happened on: new with every page view. */
  view?: string
  /** Running number within `view`, from 0. A gap is a lost event. */
  seq?: number
  url?: string
  referrer?: string
  title?: string
  properties?: Properties
}

/** Who vouches for an event. Set by the collector, never by the body. */
export type Provenance =
  /** Sent with a secret key, or imported. */
  | 'server'
  /** Sent with the public write key from an allowed origin. */
  | 'browser'
  /** Kept, marked, and worth nothing. */
  | 'weak'

/** Why an event is weak. */
export type Mark = 'bot' | 'foreign_origin' | 'missing_origin'

/** What kind of machine a visit came from, read off its user agent. */
export interface Device {
  type: 'desktop' | 'mobile' | 'tablet' | 'other'
  browser: string
  os: string
}

/** An event as it is kept, and as scoring reads it. */
export interface StoredEvent {
  id: string
  type: string
  /** Event time by the collector's clock: received − (sent − happened), never in the future. */
  at: Instant
  /** Which browser (or server-side user id) did it. */
  visitor: string
  view?: string
  seq?: number
  url?: string
  referrer?: string
  title?: string
  properties: Properties
  provenance: Provenance
  mark: Mark | null
  /** Where the visitor came from, on events that begin a visit from elsewhere; absent otherwise. */
  touch?: Touch
  device?: Device
}

/** The order in which history is folded: by event time, ties by id. Arrival never matters. */
export function inOrder(a: Pick<StoredEvent, 'at' | 'id'>, b: Pick<StoredEvent, 'at' | 'id'>): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
