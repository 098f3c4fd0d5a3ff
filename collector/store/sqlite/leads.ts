import type { Lead } from '../../../shared/lead.ts'
import type { ManualScore } from '../../../shared/person.ts'
import { and, drizzle, eq, inArray, sql } from '../drizzle.ts'
import { folds, persons } from '../schema.ts'
import type { Census, Page, Person, Store } from '../store.ts'
import { EVENT_COLUMNS, EVENT_TABLES, OF_PERSON, readEvent } from './events.ts'
import { presentOwner } from './former-ids.ts'
import { leadFinder } from './lead-filters.ts'
import { MANUAL_SCORE } from './manual-score.ts'
import type { Connection } from './open.ts'
import { outcomeReader } from './outcomes.ts'
import { profilingStopBook } from './profiling-stops.ts'
import { sampler } from './sample.ts'
import { transitionLog } from './transitions.ts'
import { toBytes } from './uuid.ts'

type LeadMethods = Pick<
  Store,
  | 'leads'
  | 'leadCount'
  | 'lead'
  | 'formerIds'
  | 'leadByVisitor'
  | 'leadByIdentifier'
  | 'history'
  | 'timeline'
  | 'persons'
  | 'sample'
  | 'census'
  | 'transitions'
  | 'decided'
  | 'outcomes'
>

export function leadMethods(connection: Connection): LeadMethods {
  const db = drizzle(connection)
  const events = `SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES} WHERE ${OF_PERSON}`
  const history = connection.prepare(`${events} ORDER BY e.at, e.id`)
  const newest = connection.prepare(`${events} ORDER BY e.at DESC, e.id DESC LIMIT @limit`)
  const older = connection.prepare(`${events} AND (e.at, e.id) < (@at, @id) ORDER BY e.at DESC, e.id DESC LIMIT @limit`)

  const rootOf = connection.prepare('SELECT person_id FROM former_ids WHERE site_id = ? AND former_id = ?').pluck()
  const formerIds = connection
    .prepare('SELECT former_id FROM former_ids WHERE site_id = ? AND person_id = ? ORDER BY former_id')
    .pluck()
  const byVisitor = connection
    .prepare(`SELECT ${presentOwner('v')} FROM visitors v WHERE v.site_id = ? AND v.visitor = ? AND v.current = 1`)
    .pluck()
  const byIdentifier = connection
    .prepare(
      `SELECT ${presentOwner('i')} FROM identifiers i
       WHERE i.site_id = ? AND i.kind = ? AND i.value = ?`,
    )
    .pluck()
  const manual = connection.prepare(MANUAL_SCORE)
  const counts = connection.prepare(
    `SELECT count(*) AS persons, ifnull(sum(p.model <> s.model), 0) AS stale,
       (SELECT count(*) FROM events WHERE site_id = @site) AS events,
       (SELECT count(*) FROM visitors v JOIN events e ON e.visitor_id = v.id
        LEFT JOIN persons p ON p.id = ${presentOwner('v')}
        WHERE v.site_id = @site AND p.id IS NULL) AS orphans
     FROM persons p JOIN sites s ON s.id = p.site_id WHERE p.site_id = @site`,
  )
  const steps = transitionLog(connection)
  const stops = profilingStopBook(connection)
  const outcomes = outcomeReader(connection)
  const sample = sampler(connection)
  const find = leadFinder(connection)

  const toLead = (row: PersonRow): Lead => {
    const { isBehind: _, ...person } = toPerson(row)
    const given = manual.get({ site: row.siteId, person: row.id }) as ManualScore | undefined
    return { ...person, manualScore: given ?? null }
  }

  const byId = (site: number, id: string): Lead | null => {
    const row = db
      .select()
      .from(persons)
      .where(and(eq(persons.siteId, site), eq(persons.id, id)))
      .get()
    return row ? toLead(row) : null
  }

  return {
    leads: async (site, query) => {
      const ids = find.ids(site, query)
      const rows = db.select().from(persons).where(inArray(persons.id, ids)).all()
      const places = new Map(ids.map((id, place) => [id, place]))
      const inOrder = rows.toSorted((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0))
      return cut(inOrder, query.limit, toLead)
    },

    leadCount: async (site, query) => find.count(site, query),

    lead: async (site, id) => {
      const found = byId(site, id)
      if (found) return found
      const root = rootOf.get(site, id) as string | undefined
      return root === undefined ? null : byId(site, root)
    },

    formerIds: async (site, person) => formerIds.all(site, person) as string[],

    leadByVisitor: async (site, visitor) => {
      const person = byVisitor.get(site, visitor) as string | undefined
      return person === undefined ? null : byId(site, person)
    },

    leadByIdentifier: async (site, { kind, value }) => {
      const person = byIdentifier.get(site, kind, value) as string | undefined
      return person === undefined ? null : byId(site, person)
    },

    history: async (site, person) => history.all({ site, person }).map(readEvent),

    timeline: async (site, person, limit, after) => {
      const rows = after
        ? older.all({ site, person, limit: limit + 1, at: after.at, id: toBytes(after.id) })
        : newest.all({ site, person, limit: limit + 1 })
      return cut(rows, limit, readEvent)
    },

    persons: async (site, limit, after = '') =>
      db
        .select({ person: persons, fold: folds.fold })
        .from(persons)
        .leftJoin(folds, eq(folds.personId, persons.id))
        // By the ids' own index, in order; any index of the site's would have to be sorted for every page.
        .where(sql`+${persons.siteId} = ${site} AND ${persons.id} > ${after}`)
        .orderBy(persons.id)
        .limit(limit)
        .all()
        .map(({ person, fold }) => ({ ...toPerson(person), fold })),

    sample: async (site, share) => sample(site, share),

    census: async site => counts.get({ site }) as Census,

    transitions: async (site, person) => steps.of(site, person),
    decided: async (site, person) => ({
      decisions: steps.decisions(site, person),
      profilingStopped: stops.of(site, person),
    }),
    outcomes: async (site, person) => outcomes(site, person),
  }
}

type PersonRow = typeof persons.$inferSelect

function toPerson(row: PersonRow): Omit<Person, 'fold'> {
  const { siteId: _, email: __, name: ___, company: ____, dueAt: _____, ...person } = row
  return person
}

/** One row more than asked for tells whether there is another page. */
const cut = <Row, Item>(rows: Row[], limit: number, toItem: (row: Row) => Item): Page<Item> => ({
  items: rows.slice(0, limit).map(toItem),
  more: rows.length > limit,
})
