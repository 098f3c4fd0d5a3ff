import { HOUR, MINUTE, type Instant } from '../../../shared/instant.ts'
import type { Profile } from '../../../shared/person.ts'

/**
 * When a person must be looked at though nothing happens: a label or stage may flip, the score falls under its threshold,
 * or the one shown is an hour old.
 */
export function nextLook(id: string, { flipsAt, coolsAt, score, topReasons }: Profile, now: Instant): Instant | null {
  const fades = score !== 0 || topReasons.length > 0
  const next = Math.min(flipsAt ?? Infinity, coolsAt ?? Infinity, fades ? nextTurn(id, now) : Infinity)
  return next === Infinity ? null : next
}

/** The next time of the hour that is this person's own, so that not everybody's turn is at once. */
function nextTurn(id: string, now: Instant): Instant {
  const own = (parseInt(id.slice(-4), 36) % 60 || 0) * MINUTE
  return Math.floor((now - own) / HOUR) * HOUR + own + HOUR
}
