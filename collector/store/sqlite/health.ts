import type { Mark } from '../../../shared/event.ts'
import type { TrackingHealth } from '../../../shared/health.ts'
import { STOP_REASONS, type ProfilingStop } from '../../../shared/person.ts'
import type { Store } from '../store.ts'
import type { Connection } from './open.ts'

/** Events that are looked at: enough to tell, and read within milliseconds however many there are. */
const LOOKED_AT = 5_000
const REASONS = 10

interface Row {
  receivedAt: number
  mark: Mark | null
  view: string | null
  seq: number | null
}

export function healthMethods(connection: Connection): Pick<Store, 'trackingHealth' | 'profilingStops'> {
  const newest = connection.prepare(
    `SELECT received_at AS receivedAt, mark, view, seq FROM events WHERE site_id = ? ORDER BY id DESC LIMIT ${LOOKED_AT}`,
  )
  const reasons = connection.prepare(
    `SELECT reason, count(*) AS count
     FROM (SELECT reason, received_at FROM quarantine WHERE site_id = @site ORDER BY received_at DESC LIMIT ${LOOKED_AT})
     WHERE received_at >= @since GROUP BY reason ORDER BY count DESC, reason LIMIT ${REASONS}`,
  )
  const stops = connection
    .prepare('SELECT count(DISTINCT person_id) FROM profiling_stops WHERE site_id = ? AND reason = ?')
    .pluck()
  return {
    profilingStops: async site =>
      Object.fromEntries(STOP_REASONS.map(reason => [reason, stops.get(site, reason)])) as Record<
        ProfilingStop['reason'],
        number
      >,
    trackingHealth: async (site): Promise<TrackingHealth> => {
      const rows = newest.all(site) as Row[]
      const times = rows.map(({ receivedAt }) => receivedAt)
      const since = times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b))
      const weak: TrackingHealth['weak'] = {}
      for (const { mark } of rows) if (mark !== null) weak[mark] = (weak[mark] ?? 0) + 1
      return {
        lastAt: times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b)),
        events: rows.length,
        since,
        weak,
        ...lossOf(rows),
        quarantined: reasons.all({ site, since: since ?? 0 }) as TrackingHealth['quarantined'],
      }
    },
  }
}

/** Events of a page instance are numbered from 0: whatever is missing under the highest number that arrived was lost. */
function lossOf(rows: readonly Row[]): Pick<TrackingHealth, 'lost' | 'numbered'> {
  const views = new Map<string, { seen: Set<number>; highest: number; lowest: number }>()
  for (const { view, seq } of rows) {
    if (view === null || seq === null) continue
    const known = views.get(view) ?? { seen: new Set(), highest: seq, lowest: seq }
    known.seen.add(seq)
    known.highest = Math.max(known.highest, seq)
    known.lowest = Math.min(known.lowest, seq)
    views.set(view, known)
  }
  let lost = 0
  let numbered = 0
  for (const { seen, highest, lowest } of views.values()) {
    // What lies before the first that was looked at may have been received earlier.
    const expected = highest - lowest + 1
    numbered += expected
    lost += expected - seen.size
  }
  return { lost, numbered }
}
