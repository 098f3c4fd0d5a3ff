import type { Instant, Span } from '../../../shared/instant.ts'
import type { Gaps, Reports } from '../reports.ts'
import type { Connection } from './open.ts'
import { fromBytes } from './uuid.ts'

/** The last instant that a UUID of version 7 can hold. */
const END = 2 ** 48 - 1

/** Of an event of a view: the view, its running number, and when it arrived. */
type Row = [view: string, seq: number, receivedAt: Instant]

export function gapMethods(connection: Connection): Pick<Reports, 'gaps'> {
  const latest = connection
    .prepare(
      `SELECT view, seq, received_at FROM (
         SELECT view, seq, received_at FROM events WHERE site_id = @site AND id >= @from AND id < @to ORDER BY id DESC LIMIT @most)
       WHERE view >= @begin AND seq IS NOT NULL`,
    )
    .raw()
  const oldest = connection
    .prepare(
      `SELECT id FROM events WHERE site_id = @site AND id >= @from AND id < @to ORDER BY id DESC LIMIT 1 OFFSET @most - 1`,
    )
    .pluck()

  return {
    async gaps(site, { from, to }: Span, most) {
      const span = { site, from: firstId(from ?? 0), to: firstId(to ?? END), most }
      // Of a view that began earlier, the first events are not among these, but not missing.
      const begin = (oldest.get(span) as Buffer | undefined) ?? span.from
      return gapsIn(latest.all({ ...span, begin: fromBytes(begin) }) as Row[])
    },
  }
}

/** What is known of a view: `low` is the lowest number of those that arrived together with the highest, `top`. */
interface Seen {
  seqs: Set<number>
  top: number
  topAt: Instant
  low: number
}

function gapsIn(rows: readonly Row[]): Gaps {
  const views = new Map<string, Seen>()
  for (const [view, seq, at] of rows) {
    const known = views.get(view)
    if (known) {
      known.seqs.add(seq)
      if (seq > known.top) [known.top, known.topAt] = [seq, at]
    } else views.set(view, { seqs: new Set([seq]), top: seq, topAt: at, low: Infinity })
  }
  for (const [view, seq, at] of rows) {
    const known = views.get(view)!
    if (at === known.topAt && seq < known.low) known.low = seq
  }
  const found: Gaps = { views: views.size, received: 0, missing: 0, tested: 0, lost: 0 }
  for (const { seqs, top, low } of views.values()) {
    let before = 0
    for (const seq of seqs) if (seq < low) before++
    found.received += seqs.size
    found.missing += top + 1 - seqs.size
    found.tested += low
    found.lost += low - before
  }
  return found
}

/** The lowest id of a moment. */
function firstId(at: Instant): Buffer {
  const id = Buffer.alloc(16)
  id.writeUIntBE(Math.min(Math.max(0, at), END), 0, 6)
  return id
}
