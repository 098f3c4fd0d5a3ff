import type { Instant, Span } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { zone, type Zone } from '../reports/zone.ts'
import { field, instantOrNull } from './query.ts'

/** A day, which begins when the clocks of `tz` say so. */
export interface Day {
  day: string
}

export const when = field<Instant | Day>(
  { type: 'string', description: 'a day (2026-11-22) in the time zone of tz, or an instant in RFC 3339' },
  'must be a day, like 2026-11-22, or an instant in RFC 3339, like 2026-11-22T12:00:00Z',
  given => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(given)) return UTC.startOf(given) === null ? null : { day: given }
    return instantOrNull(given)
  },
)

export const timezone = field<Zone>(
  { type: 'string', description: 'an IANA time zone; UTC by default', example: 'Europe/Oslo' },
  'must be an IANA time zone, like Europe/Oslo',
  given => {
    try {
      return zone(given)
    } catch {
      return null
    }
  },
)

const UTC = zone('UTC')

/** When something happened: from `from` on, before `to`. */
export const SPAN = { from: when, to: when, tz: timezone }

export const instantOf = (given: Instant | Day, tz: Zone = UTC): Instant =>
  typeof given === 'number' ? given : (tz.startOf(given.day) ?? 0)

/** A span is half-open, and what is left out leaves it without end. */
export function spanOf(
  { from, to, tz }: { from?: Instant | Day | undefined; to?: Instant | Day | undefined; tz?: Zone | undefined },
  pointer = '/to',
): Span {
  const span = {
    from: from === undefined ? null : instantOf(from, tz),
    to: to === undefined ? null : instantOf(to, tz),
  }
  if (span.from !== null && span.to !== null && span.from >= span.to)
    throw new Refusal('invalid', 'The query is not well-formed.', [{ pointer, detail: 'must be later than its from' }])
  return span
}

export const zoneOf = (tz: Zone | undefined): Zone => tz ?? UTC
