import { DAY, type Instant } from '../../shared/instant.ts'
import { offsetIn } from '../scoring/day.ts'

export const INTERVALS = ['day', 'week', 'month'] as const
export type Interval = (typeof INTERVALS)[number]

/** The calendar of a time zone. */
export interface Zone {
  name: string
  /** The first instant of a day, given as `2026-03-29`; `null` if there is no such day. */
  startOf(date: string): Instant | null
  /** The days, weeks (from Monday) or months that lie in a span: where each begins, and in the end where the last one ends. */
  edges(interval: Interval, from: Instant, to: Instant): Instant[]
  /** The month that an instant lies in. */
  monthAt(at: Instant): { from: Instant; to: Instant }
}

/** Throws a `RangeError` for a zone that `Intl` does not know. */
export function zone(name: string): Zone {
  const offset = offsetIn(name)

  /** The first instant at which clocks show that time (of a clock that counts as UTC does) or, where they skip it, a later one. */
  function instantOf(local: number): Instant {
    const [a, b] = [offset(local - DAY), offset(local + DAY)]
    const early = local - Math.max(a, b)
    return early + offset(early) >= local ? early : local - Math.min(a, b)
  }

  /** Midnight, by the zone's own clock, that an interval begins with. */
  const begin = (interval: Interval, at: Instant): number => {
    const day = Math.floor((at + offset(at)) / DAY)
    if (interval === 'day') return day * DAY
    // 1970 began on a Thursday.
    if (interval === 'week') return (day - ((((day + 3) % 7) + 7) % 7)) * DAY
    const date = new Date(day * DAY)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
  }

  const next = (interval: Interval, local: number): number => {
    if (interval !== 'month') return local + (interval === 'day' ? DAY : 7 * DAY)
    const date = new Date(local)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
  }

  return {
    name,
    startOf(date) {
      const local = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
      // A 31st of June is read as a 1st of July by some.
      if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 10) !== date) return null
      return instantOf(local)
    },
    monthAt(at) {
      const local = begin('month', at)
      return { from: instantOf(local), to: instantOf(next('month', local)) }
    },
    edges(interval, from, to) {
      const found = [from]
      for (let local = next(interval, begin(interval, from)); ; local = next(interval, local)) {
        const edge = instantOf(local)
        found.push(Math.min(edge, to))
        if (edge >= to) return found
      }
    },
  }
}
