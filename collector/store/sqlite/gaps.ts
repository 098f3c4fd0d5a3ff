import type { Instant, Span } from '../../../shared/instant.ts'
import type { Gaps, Reports } from '../reports.ts'
import type { Connection } from './open.ts'
import { fromBytes } from './uuid.ts'

/** The last instant that a UUID of version 7 can hold. */
const END = 2 ** 48 - 1

export function gapMethods(connection: Connection): Pick<Reports, 'gaps'> {
  // The first `top` is the highest number of a view, `at` when it arrived (SQLite takes bare columns from the row of the
  // maximum), and `low` the lowest number that arrived at that moment, that is, in the same request.
  const count = connection.prepare(
    `WITH latest AS MATERIALIZED (
       SELECT id, view, seq, received_at FROM events
       WHERE site_id = @site AND id >= @from AND id < @to AND view IS NOT NULL AND seq IS NOT NULL
       ORDER BY id DESC LIMIT @most),
     seen AS MATERIALIZED (SELECT view, seq, received_at FROM latest WHERE view >= @begin),
     ends AS (SELECT view, max(seq) AS top, received_at AS at FROM seen GROUP BY view),
     edges AS MATERIALIZED (
       SELECT view, top, min(seq) AS low FROM seen JOIN ends USING (view) WHERE received_at = at GROUP BY view),
     each AS (
       SELECT top, low, count(DISTINCT seq) AS received, count(DISTINCT CASE WHEN seq < low THEN seq END) AS before
       FROM seen JOIN edges USING (view) GROUP BY view)
     SELECT count(*) AS views, ifnull(sum(received), 0) AS received, ifnull(sum(top + 1 - received), 0) AS missing,
       ifnull(sum(low), 0) AS tested, ifnull(sum(low - before), 0) AS lost
     FROM each`,
  )
  const oldest = connection
    .prepare(
      `SELECT id FROM events WHERE site_id = @site AND id >= @from AND id < @to AND view IS NOT NULL AND seq IS NOT NULL
       ORDER BY id DESC LIMIT 1 OFFSET @most - 1`,
    )
    .pluck()

  return {
    async gaps(site, { from, to }: Span, most) {
      const span = { site, from: firstId(from ?? 0), to: firstId(to ?? END), most }
      // Of a view that began earlier, the first events are not among these, but not missing.
      const begin = (oldest.get(span) as Buffer | undefined) ?? span.from
      return count.get({ ...span, begin: fromBytes(begin) }) as Gaps
    },
  }
}

/** The lowest id of a moment. */
function firstId(at: Instant): Buffer {
  const id = Buffer.alloc(16)
  id.writeUIntBE(Math.min(Math.max(0, at), END), 0, 6)
  return id
}
