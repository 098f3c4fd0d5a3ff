import type { StoredEvent } from '../../shared/event.ts'
import { MINUTE, type Instant } from '../../shared/instant.ts'
import { keyOf } from './field.ts'

/** A visit ends when its visitor has been silent for longer than this. */
export const VISIT_GAP = 30 * MINUTE

/** Browsers of one person that may be visiting at the same time; of more, those heard of last. */
export const MAX_OPEN_VISITS = 16

/** The visits of a person so far: runs of one visitor's events with no gap over half an hour. */
export interface Visits {
  count: number
  /** Numbers given so far: to visits, and to days on which a server reported something. */
  numbered: number
  /** The number that the last event fell under. */
  current: number
  /** Visits that may go on, by their last event. */
  open: OpenVisit[]
  /** The last day on which a server reported something, and its number. */
  serverDay?: [day: number, number: number]
}

type OpenVisit = [visitor: string, last: Instant, number: number]

export const NO_VISITS: Visits = { count: 0, numbered: 0, current: 0, open: [] }

/**
 * The visits after one more event. What a server reports is no visit: it begins none and extends none. So that a limit
 * `per: 'visit'` means something there too, each day of reports counts as one.
 */
export function addToVisits(visits: Visits, event: StoredEvent, day: (at: Instant) => number): Visits {
  if (event.provenance === 'server') return addServerDay(visits, day(event.at))
  const browser = keyOf(event.visitor)
  const open = visits.open.filter(([, last]) => event.at - last <= VISIT_GAP)
  const found = open.findIndex(([visitor]) => visitor === browser)
  const [going] = found < 0 ? [] : open.splice(found, 1)
  const begins = going ? 0 : 1
  const current = going?.[2] ?? visits.numbered + 1
  open.push([browser, event.at, current])
  return {
    ...visits,
    count: visits.count + begins,
    numbered: visits.numbered + begins,
    current,
    open: open.slice(-MAX_OPEN_VISITS),
  }
}

function addServerDay(visits: Visits, today: number): Visits {
  const [day, number] = visits.serverDay ?? []
  if (day === today && number !== undefined) return { ...visits, current: number }
  const current = visits.numbered + 1
  return { ...visits, numbered: current, current, serverDay: [today, current] }
}
