/** Milliseconds since 1970, UTC. */
export type Instant = number

/** From `from` on, before `to`; `null` is without end. */
export interface Span {
  from: Instant | null
  to: Instant | null
}

/** Milliseconds. */
export type Duration = number

export const SECOND: Duration = 1_000
export const MINUTE: Duration = 60 * SECOND
export const HOUR: Duration = 60 * MINUTE
/** A day of scoring is always 24 hours, whatever the clocks of a country do. */
export const DAY: Duration = 24 * HOUR
