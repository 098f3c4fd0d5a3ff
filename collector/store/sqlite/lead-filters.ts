import { HOUR } from '../../../shared/instant.ts'
import type { LeadQuery, LeadSort } from '../../../shared/lead.ts'
import type { Connection } from './open.ts'

type Value = string | number

/** SQL with a value for each of its question marks. */
interface Part {
  sql: string
  values: Value[]
}

/** One filter. */
interface Filter {
  /** Holds for a row of `persons p`. */
  where: Part
  /** Selects the ids of those for whom it holds, where an index has them. */
  ids?: Part
}

/** A person of whom only weak events are known was never seen: such rows sort as the beginning of time. */
const SORT_COLUMNS: Record<LeadSort, string> = {
  score: 'p.score',
  last_seen: 'ifnull(p.last_seen, 0)',
  first_seen: 'ifnull(p.first_seen, 0)',
  stage_since: 'ifnull(p.stage_since, 0)',
}

/** Up to so many are sorted; among more the first ones are looked for in the order that they are asked for. */
const FEW = 5_000

/** Which leads, whatever their order. */
type Asked = Omit<LeadQuery, 'sort' | 'descending' | 'limit' | 'after'>

export interface LeadFinder {
  /** The ids of the leads that a query asks for, one more than its limit if there are more. */
  ids(site: number, query: LeadQuery): string[]
  /** How many there are in all. */
  count(site: number, query: Asked): number
}

/**
 * Of two ways to the leads the one that reads less: from the filter that few pass, or in the order of the list until it is
 * full.
 */
export function leadFinder(connection: Connection): LeadFinder {
  const findFacet = connection.prepare('SELECT id FROM facets WHERE site_id = ? AND kind = ? AND value = ?').pluck()
  const all = ({ sql, values }: Part): unknown[] =>
    connection
      .prepare(sql)
      .pluck()
      .all(...values)

  function read(site: number, query: Asked) {
    const facetId = (kind: string, value: string) => (findFacet.get(site, kind, value) as number | undefined) ?? -1
    const filters = filtersOf(site, query, facetId)
    const [fewest] = filters
      .flatMap(({ ids }) => (ids ? [ids] : []))
      .map(ids => ({ ids, count: Number(all({ ...ids, sql: `SELECT count(*) FROM (${ids.sql} LIMIT ${FEW})` })[0]) }))
      .toSorted((a, b) => a.count - b.count)
    const few =
      fewest && fewest.count < FEW
        ? {
            sql: `(${fewest.ids.sql}) few CROSS JOIN persons p ON p.id = few.id`,
            values: fewest.ids.values,
          }
        : null
    // Whoever is found by a filter's index need not be asked by it again, one by one.
    const asked = filters.filter(({ ids }) => !few || ids !== fewest?.ids)
    const where = [{ sql: 'p.site_id = ?', values: [site] }, ...asked.map(filter => filter.where)]
    return { filters, few, where }
  }

  return {
    ids(site, query) {
      const { few, where } = read(site, query)
      const direction = query.descending ? 'DESC' : 'ASC'
      const column = SORT_COLUMNS[query.sort]
      const order = `ORDER BY ${column} ${direction}, p.id ${direction} LIMIT ${query.limit + 1}`
      if (query.after) {
        const { value, id } = query.after
        where.push({ sql: `(${column}, p.id) ${query.descending ? '<' : '>'} (?, ?)`, values: [value, id] })
      }
      if (few) return all(selecting('p.id', few, where, order)) as string[]
      const everybody = { sql: 'persons p', values: [] }
      // An index has the leads of one stage in the order of their scores, and none has those of several.
      const stages = query.sort === 'score' && query.stages ? query.stages : [null]
      const parts = stages.map(stage => {
        const more = stage === null ? where : [...where, { sql: 'p.stage = ?', values: [stage] }]
        return selecting(`p.id, ${column} AS value`, everybody, more, order)
      })
      return all({
        sql: `SELECT id FROM (${parts.map(({ sql }) => `SELECT * FROM (${sql})`).join(' UNION ALL ')})
              ORDER BY value ${direction}, id ${direction} LIMIT ${query.limit + 1}`,
        values: parts.flatMap(({ values }) => values),
      }) as string[]
    },

    count(site, query) {
      const { filters, few, where } = read(site, query)
      const [only, ...others] = filters
      // An index alone has them all.
      if (only?.ids && others.length === 0)
        return Number(all({ ...only.ids, sql: `SELECT count(*) FROM (${only.ids.sql})` })[0])
      return Number(all(selecting('count(*)', few ?? { sql: 'persons p', values: [] }, where, ''))[0])
    },
  }
}

function selecting(columns: string, from: Part, where: Part[], order: string): Part {
  return {
    sql: `SELECT ${columns} FROM ${from.sql} WHERE ${where.map(({ sql }) => `(${sql})`).join(' AND ')} ${order}`,
    values: [...from.values, ...where.flatMap(({ values }) => values)],
  }
}

/** What is asked for, one filter each. */
function filtersOf(site: number, query: Asked, facetId: (kind: string, value: string) => number): Filter[] {
  const { stages, scoreGte, scoreLt, grade, seenSince, label, candidate, overdueAt, company, search } = query
  const filters: Filter[] = []
  const add = (where: Part, ids?: Part) => void filters.push({ where, ...(ids && { ids }) })
  const ofSite = (sql: string, ...values: Value[]): Part => ({
    sql: `SELECT id FROM persons WHERE site_id = ? AND ${sql}`,
    values: [site, ...values],
  })
  if (stages) {
    const among = `IN (${stages.map(() => '?').join(', ')})`
    add({ sql: `p.stage ${among}`, values: stages }, ofSite(`stage ${among}`, ...stages))
  }
  if (overdueAt !== undefined) {
    const overdue = `stage = 'sql' AND stage_since < ? - (SELECT follow_up_hours FROM sites WHERE id = ?) * ${HOUR}`
    add({ sql: overdue.replaceAll('stage', 'p.stage'), values: [overdueAt, site] }, ofSite(overdue, overdueAt, site))
  }
  if (scoreGte !== undefined) add({ sql: 'p.score >= ?', values: [scoreGte] }, ofSite('score >= ?', scoreGte))
  if (scoreLt !== undefined) add({ sql: 'p.score < ?', values: [scoreLt] }, ofSite('score < ?', scoreLt))
  if (grade !== undefined) add({ sql: 'p.grade = ?', values: [grade] })
  if (seenSince !== undefined) {
    const seen = 'ifnull(last_seen, 0) >= ?'
    add({ sql: `ifnull(p.last_seen, 0) >= ?`, values: [seenSince] }, ofSite(seen, seenSince))
  }
  if (label !== undefined) {
    add({ sql: `EXISTS (SELECT 1 FROM json_each(p.labels) WHERE value = ?)`, values: [label] })
  }
  if (candidate !== undefined) {
    const sql = `candidate_since IS ${candidate ? 'NOT ' : ''}NULL`
    add({ sql: `p.${sql}`, values: [] }, candidate ? ofSite(sql) : undefined)
  }
  if (company !== undefined) {
    const like = matching('company', company)
    add(
      { sql: 'lower(p.company) = lower(?)', values: [company] },
      { sql: FOUND(like.sql), values: [site, ...like.values] },
    )
  }
  if (search !== undefined) {
    const like = matching(null, search)
    const ids = {
      sql: `${FOUND(like.sql)} UNION SELECT id FROM persons WHERE id = ? AND site_id = ?`,
      values: [site, ...like.values, search, site],
    }
    add({ sql: `p.id IN (${ids.sql})`, values: ids.values }, ids)
  }
  const journey = journeyOf(query, facetId)
  if (journey) {
    const { tables, where } = journey
    add(
      {
        sql: `EXISTS (SELECT 1 FROM journeys j${tables.map(({ name, on }) => ` CROSS JOIN contacts ${name} ON ${name}.journey_id = j.id AND ${on.sql}`).join('')}
              WHERE j.site_id = p.site_id AND j.person_id = p.id${where.sql})`,
        values: [...tables.flatMap(({ on }) => on.values), ...where.values],
      },
      selectIds(site, tables, where),
    )
  }
  return filters
}

interface Table {
  name: string
  on: Part
}

/** Contacts, and the step reached at or after them: conditions on `journeys j` and its contacts. */
function journeyOf(
  { contacts = [], touch = 'any', came, reached, reachedIn }: Asked,
  facetId: (kind: string, value: string) => number,
): { tables: Table[]; where: Part } | null {
  if (contacts.length === 0 && !came && !reached) return null
  const met = contacts.length === 0 && came ? [{ facet: '', value: '' }] : contacts
  const tables = met.map(({ facet, value }, index): Table => {
    const name = `c${index}`
    const span = came ? within(`${name}.at`, came) : NONE
    return {
      name,
      on: {
        sql: `${name}.facet_id = ?${touch === 'first' ? ` AND ${name}.first = 1` : ''}${span.sql}`,
        values: [facetId(facet, value), ...span.values],
      },
    }
  })
  if (!reached) return { tables, where: NONE }
  const span = reachedIn ? within(`j.${reached}`, reachedIn) : NONE
  const after = contacts.map((_, index) => ` AND j.${reached} >= c${index}.at`).join('')
  return { tables, where: { sql: ` AND j.${reached} IS NOT NULL${after}${span.sql}`, values: span.values } }
}

const NONE: Part = { sql: '', values: [] }

function within(column: string, { from, to }: { from: number | null; to: number | null }): Part {
  return {
    sql: `${from === null ? '' : ` AND ${column} >= ?`}${to === null ? '' : ` AND ${column} < ?`}`,
    values: [from, to].filter(edge => edge !== null),
  }
}

/** From the contacts where there are any, else from the steps reached. */
function selectIds(site: number, [first, ...others]: Table[], where: Part): Part {
  const more = others.map(({ name, on }) => ` CROSS JOIN contacts ${name} ON ${name}.journey_id = j.id AND ${on.sql}`)
  if (!first)
    return {
      sql: `SELECT j.person_id AS id FROM journeys j WHERE j.site_id = ?${where.sql}`,
      values: [site, ...where.values],
    }
  return {
    sql: `SELECT j.person_id AS id FROM contacts c0 CROSS JOIN journeys j ON j.id = c0.journey_id${more.join('')}
          WHERE ${first.on.sql} AND j.site_id = ?${where.sql}`,
    values: [...others.flatMap(({ on }) => on.values), ...first.on.values, site, ...where.values],
  }
}

const FOUND = (condition: string): string =>
  `SELECT j.person_id AS id FROM search CROSS JOIN journeys j ON j.id = search.rowid AND j.site_id = ? WHERE (${condition})`

/** The index has every three characters that stand together; shorter texts are looked for in all of it. */
function matching(column: 'company' | null, text: string): Part {
  if (Array.from(text).length >= 3) {
    const quoted = `"${text.replaceAll('"', '""')}"`
    return { sql: 'search MATCH ?', values: [column === null ? quoted : `${column} : ${quoted}`] }
  }
  const columns = column === null ? ['email', 'name', 'company'] : [column]
  return {
    sql: columns.map(name => `instr(lower(search.${name}), lower(?)) > 0`).join(' OR '),
    values: columns.map(() => text),
  }
}
