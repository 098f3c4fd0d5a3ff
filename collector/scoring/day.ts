import { DAY, HOUR, MINUTE, SECOND, type Duration, type Instant } from '../../shared/instant.ts'

/** Enough for the days of some years in several zones; asking `Intl` takes a thousand times longer than remembering. */
const MAX_REMEMBERED = 20_000

/** How far the clocks of a time zone are ahead of UTC. Throws a `RangeError` for a zone that `Intl` does not know. */
export function offsetIn(timezone: string): (at: Instant) => Duration {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' })
  return at => {
    const [, sign, hours, minutes, seconds] = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(format.format(at)) ?? []
    const size = Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE + Number(seconds ?? 0) * SECOND
    return sign === '-' ? -size : size
  }
}

/**
 * Numbers the calendar days of a time zone: the days since 1970 by its wall clock.
 * Throws a `RangeError` for a zone that `Intl` does not know.
 */
export function calendar(timezone: string): (at: Instant) => number {
  const offsetAt = offsetIn(timezone)
  const midnights = new Map<number, Duration>()

  const offsetAtMidnight = (utcDay: number): Duration => {
    const known = midnights.get(utcDay)
    if (known !== undefined) return known
    const offset = offsetAt(utcDay * DAY)
    if (midnights.size >= MAX_REMEMBERED) midnights.clear()
    midnights.set(utcDay, offset)
    return offset
  }

  return at => {
    const utcDay = Math.floor(at / DAY)
    const before = offsetAtMidnight(utcDay)
    // Clocks change at most once in a day of UTC: equal at both ends is equal all through.
    const offset = before === offsetAtMidnight(utcDay + 1) ? before : offsetAt(at)
    return Math.floor((at + offset) / DAY)
  }
}
