import { and, asc, desc, eq, gte, inArray, or, sql, type AnyColumn, type SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Lead, LeadQuery, LeadSort } from '../../../shared/lead.ts'
import type { Transition } from '../../../shared/stage.ts'
import { formerIds, persons, transitions, visitors } from '../schema.ts'
import type { Page, Store } from '../store.ts'
import { EVENT_COLUMNS, EVENT_TABLES, readEvent } from './events.ts'
import type { Connection } from './open.ts'
import { fromBytes, toBytes } from './uuid.ts'

/** A person of whom only weak events are known was never seen: such rows sort as the beginning of time. */
const SORT_COLUMNS: Record<LeadSort, SQL> = {
  score: sql`${persons.score}`,
  last_seen: sql`ifnull(${persons.lastSeen}, 0)`,
  first_seen: sql`ifnull(${persons.firstSeen}, 0)`,
  stage_since: sql`ifnull(${persons.stageSince}, 0)`,
}

type LeadMethods = Pick<Store, 'leads' | 'lead' | 'leadByVisitor' | 'history' | 'timeline' | 'transitions'>

export function leadMethods(connection: Connection): LeadMethods {
  const db = drizzle(connection)
  const events = `SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES} WHERE v.site_id = @site AND v.person_id = @person`
  const history = connection.prepare(`${events} ORDER BY e.at, e.id`)
  const newest = connection.prepare(`${events} ORDER BY e.at DESC, e.id DESC LIMIT @limit`)
  const older = connection.prepare(`${events} AND (e.at, e.id) < (@at, @id) ORDER BY e.at DESC, e.id DESC LIMIT @limit`)

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
      const column = SORT_COLUMNS[query.sort]
      const direction = query.descending ? desc : asc
      const rows = db
        .select()
        .from(persons)
        .where(and(eq(persons.siteId, site), ...filters(query), continued(query, column)))
        .orderBy(direction(column), direction(persons.id))
        .limit(query.limit + 1)
        .all()
      return cut(rows, query.limit, toLead)
    },

    lead: async (site, id) => {
      const found = byId(site, id)
      if (found) return found
      const former = db
        .select({ person: formerIds.personId })
        .from(formerIds)
        .where(and(eq(formerIds.siteId, site), eq(formerIds.formerId, id)))
        .get()
      return former ? byId(site, former.person) : null
    },

    leadByVisitor: async (site, visitor) => {
      const row = db
        .select({ person: visitors.personId })
        .from(visitors)
        .where(and(eq(visitors.siteId, site), eq(visitors.visitor, visitor), eq(visitors.current, true)))
        .get()
      return row ? byId(site, row.person) : null
    },

    history: async (site, person) => history.all({ site, person }).map(readEvent),

    timeline: async (site, person, limit, after) => {
      const rows = after
        ? older.all({ site, person, limit: limit + 1, at: after.at, id: toBytes(after.id) })
        : newest.all({ site, person, limit: limit + 1 })
      return cut(rows, limit, readEvent)
    },

    transitions: async (site, person) =>
      db
        .select()
        .from(transitions)
        .where(and(eq(transitions.siteId, site), eq(transitions.personId, person)))
        .orderBy(transitions.id)
        .all()
        .map(toTransition),
  }
}

function filters({
  stages,
  scoreGte,
  grade,
  seenSince,
  source,
  campaign,
  company,
  search,
}: LeadQuery): (SQL | undefined)[] {
  const touched = (field: 'source' | 'campaign', value: string) => {
    const path = `$.${field}`
    return or(
      sql`json_extract(${persons.firstTouch}, ${path}) = ${value}`,
      sql`json_extract(${persons.lastTouch}, ${path}) = ${value}`,
    )
  }
  const contains = (column: AnyColumn, text: string) => sql`instr(lower(${column}), lower(${text})) > 0`
  return [
    stages && inArray(persons.stage, stages),
    scoreGte === undefined ? undefined : gte(persons.score, scoreGte),
    grade === undefined ? undefined : eq(persons.grade, grade),
    seenSince === undefined ? undefined : gte(persons.lastSeen, seenSince),
    source === undefined ? undefined : touched('source', source),
    campaign === undefined ? undefined : touched('campaign', campaign),
    company === undefined ? undefined : sql`lower(${persons.company}) = lower(${company})`,
    search === undefined
      ? undefined
      : or(
          eq(persons.id, search),
          contains(persons.email, search),
          contains(persons.name, search),
          contains(persons.company, search),
        ),
  ]
}

function continued({ after, descending }: LeadQuery, column: SQL): SQL | undefined {
  if (!after) return undefined
  return descending
    ? sql`(${column}, ${persons.id}) < (${after.value}, ${after.id})`
    : sql`(${column}, ${persons.id}) > (${after.value}, ${after.id})`
}

/** One row more than asked for tells whether there is another page. */
const cut = <Row, Item>(rows: Row[], limit: number, toItem: (row: Row) => Item): Page<Item> => ({
  items: rows.slice(0, limit).map(toItem),
  more: rows.length > limit,
})

function toLead(row: typeof persons.$inferSelect): Lead {
  const { siteId: _, fold: __, email: ___, name: ____, company: _____, ...lead } = row
  return lead
}

function toTransition(row: typeof transitions.$inferSelect): Transition {
  const { id: _, siteId: __, personId: ___, event, ...step } = row
  return { ...step, event: event && fromBytes(event) }
}
