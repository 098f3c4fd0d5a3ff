import type { Instant } from './instant.ts'

/**
 * What keeps events of a page from counting. `policy` (a content security policy) and `blocked` are concluded from what
 * does not come; `clock` is put right and only told. Closed list.
 */
export const OBSTACLES = [
  'wrong_key',
  'unknown_site',
  'origin',
  'bot',
  'consent',
  'duplicate',
  'too_large',
  'schema',
  'clock',
  'rate',
  'policy',
  'blocked',
  'trouble',
] as const
export type Obstacle = (typeof OBSTACLES)[number]

/** Requests to the ingest endpoint that met the same obstacle, from the same pages. */
export interface Sighting {
  obstacle: Obstacle
  /** What the sender was told, in English. */
  detail: string
  /** Of the page, as the request named it. */
  origin: string | null
  userAgent: string
  /** Types of the events, where they could be read. */
  types: string[]
  /** The latest. */
  at: Instant
  count: number
}
