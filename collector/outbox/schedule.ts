import { HOUR, MINUTE, SECOND, type Duration, type Instant } from '../../shared/instant.ts'

/** How long to wait before each attempt, from the one before: those of the Standard Webhooks specification, three days in all. */
export const DELAYS: readonly Duration[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** Up to a tenth longer, so that what failed together does not come back together. */
const JITTER = 0.1
/** A receiver cannot put an attempt off for longer. */
const LONGEST = 24 * HOUR

/**
 * When to try again after `tries` attempts have failed, not before what the receiver asks for; `null` when that was the last.
 * `chance` is from 0 to 1.
 */
export function nextAttempt(tries: number, now: Instant, chance: number, retryAfter: Duration | null): Instant | null {
  const delay = DELAYS[tries]
  if (delay === undefined) return null
  return Math.ceil(now + Math.max(delay * (1 + JITTER * chance), Math.min(retryAfter ?? 0, LONGEST)))
}
