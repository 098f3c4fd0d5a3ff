import type { Person } from '../store.ts'
import type { Connection } from './open.ts'
import { parsed } from './persons.ts'

/**
 * Draws an even sample of a site's persons. The table is cut into stretches of as many rows as one drawn person stands
 * for; of each, one row is taken, at a place that is another in each (Fibonacci hashing: multiples of the golden ratio),
 * so that nothing periodic in how people came can favour anybody. Takes a look at each drawn row, and at no other.
 */
export function sampler(connection: Connection) {
  const drawn = connection.prepare(
    `WITH RECURSIVE
       last(row) AS (SELECT max(rowid) FROM persons),
       stretch(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM stretch, last WHERE (k + 1) * @step < last.row)
     SELECT DISTINCT p.id, p.profiling_stopped AS profilingStopped
     FROM stretch CROSS JOIN persons p
       ON p.rowid = 1 + CAST((k + (k * 40503 & 65535) / 65536.0) * @step AS INTEGER)
     WHERE p.site_id = @site`,
  )
  return (site: number, share: number): Pick<Person, 'id' | 'profilingStopped'>[] =>
    drawn.all({ site, step: 1 / share }).map(row => {
      const { id, profilingStopped } = row as { id: string; profilingStopped: string | null }
      return { id, profilingStopped: parsed(profilingStopped) }
    })
}
