import type { Instant } from '../../../shared/instant.ts'
import { DEFAULT_DAYS, PERIODS } from '../../dashboard/period.ts'
import { zone } from '../../reports/zone.ts'

/** A period of a page: days of a time zone as the API is asked for them, half-open, and the instants they stand for. */
export interface Period {
  days: number
  from: string
  to: string
  span: { from: Instant; to: Instant }
}

/** The last so many days by the clocks of a time zone, today included: `2026-11-01` up to, and without, `2026-12-01`. */
export function periodOf(asked: string | undefined, now: Instant, timeZone: string): Period {
  const days = PERIODS.find(period => String(period) === asked) ?? DEFAULT_DAYS
  const today = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now)
  const shifted = (by: number): string => {
    const day = new Date(`${today}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() + by)
    return day.toISOString().slice(0, 10)
  }
  const [from, to] = [shifted(1 - days), shifted(1)]
  const tz = zone(timeZone)
  return { days, from, to, span: { from: tz.startOf(from) ?? 0, to: tz.startOf(to) ?? now + 1 } }
}
