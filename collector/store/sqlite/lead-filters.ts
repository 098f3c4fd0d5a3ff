import { HOUR } from '../../../shared/instant.ts'
import type { LeadQuery, LeadSort } from '../../../shared/lead.ts'
import { journeyFilter } from './lead-journey.ts'
import type { Asked, Filter, Part, Value } from './lead-part.ts'
import type { Connection } from './open.ts'

/** A person of whom only weak events are known was never seen: such rows sort as the beginning of time. */
const SORT_COLUMNS: Record<LeadSort, string> = {
  score: 'p.score',
  last_seen: 'ifnull(p.last_seen, 0)',
  first_seen: 'ifnull(p.first_seen, 0)',
  stage_since: 'ifnull(p.stage_since, 0)',
}

/** Below `few` those who pass a filter are sorted. Among more the first are looked for in the order of the list: below `some` in a list of them, else one by one. */
const SIZES = { few: 5_000, some: 12_000 }

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
export function leadFinder(connection: Connection, sizes = SIZES): LeadFinder {
  const all = ({ sql, values }: Part): unknown[] =>
    connection
      .prepare(sql)
      .pluck()
      .all(...values)

  const counted = ({ sql, values }: Part): number => Number(all({ sql: `SELECT count(*) FROM (${sql})`, values })[0])

  /** The ids of those who pass a filter, if they are few, or not very many; `null` otherwise, or if nobody knows. */
  function weigh({ ids, rows, size }: Filter): { few: unknown[] } | { list: unknown[] } | null {
    const many = size ?? (ids && rows ? counted(limited(rows, sizes.some)) : 0)
    if (!ids || many >= sizes.some) return null
    const most = many === 0 ? sizes.some : many + 1
    const found = all(limited(ids, most))
    if (found.length >= most) return null
    return found.length < sizes.few ? { few: found } : { list: found }
  }

  /** By the filter that fewest pass, if those are few. */
  function read(site: number, query: Asked) {
    const filters = filtersOf(connection, site, query)
    const weighed = filters.map(filter => ({ filter, weight: weigh(filter) }))
    const [fewest] = weighed
      .flatMap(({ filter, weight }) => (weight && 'few' in weight ? [{ filter, ids: weight.few }] : []))
      .toSorted((a, b) => a.ids.length - b.ids.length)
    const few = fewest && {
      sql: '(SELECT value AS id FROM json_each(?)) few CROSS JOIN persons p ON p.id = few.id',
      values: [JSON.stringify(fewest.ids)],
    }
    // Whoever is found by a filter's index need not be asked by it again, one by one.
    const asked = weighed.filter(({ filter }) => filter !== fewest?.filter)
    const conditions = asked.map(({ filter, weight }) =>
      !few && weight && 'list' in weight ? listed(weight.list) : filter.where,
    )
    return { filters, few, where: [{ sql: 'p.site_id = ?', values: [site] as Value[] }, ...conditions] }
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
      const { filters, few, where } = read(site, { ...query, sort: undefined })
      const [only, ...others] = filters
      // Indexes alone have them all.
      if (only?.ids && others.length === 0) return only.size ?? counted(only.rows ?? only.ids)
      const numbers = filters.flatMap(filter => filter.numbers ?? [])
      if (only && !few && numbers.length === filters.length)
        return counted({
          sql: numbers.map(({ sql }) => sql).join(' INTERSECT '),
          values: numbers.flatMap(({ values }) => values),
        })
      return Number(all(selecting('count(*)', few ?? { sql: 'persons p', values: [] }, where, ''))[0])
    },
  }
}

/** Asked one by one: any index would be that of the ids, and not in the order of the list. */
const listed = (ids: unknown[]): Part => ({
  sql: '+p.id IN (SELECT value FROM json_each(?))',
  values: [JSON.stringify(ids)],
})

const limited = ({ sql, values }: Part, most: number): Part => ({ sql: `${sql} LIMIT ${most}`, values })

function selecting(columns: string, from: Part, where: Part[], order: string): Part {
  return {
    sql: `SELECT ${columns} FROM ${from.sql} WHERE ${where.map(({ sql }) => `(${sql})`).join(' AND ')} ${order}`,
    values: [...from.values, ...where.flatMap(({ values }) => values)],
  }
}

/** What is asked for, one filter each. */
function filtersOf(connection: Connection, site: number, query: Asked): Filter[] {
  const { stages, scoreGte, scoreLt, grade, seenSince, label, candidate, overdueAt, company, search, sort } = query
  const filters: Filter[] = []
  // An index helps a list only in its own order: by any other all whom it finds would have to be sorted.
  const column = (expression: string, order?: LeadSort) =>
    sort === undefined || sort === order ? expression : `+${expression}`
  const score = column('p.score', 'score')
  const lastSeen = column('ifnull(p.last_seen, 0)', 'last_seen')
  const add = (where: Part, index: Omit<Filter, 'where'> = {}) => void filters.push({ where, ...index })
  const ofSite = (condition: string, ...given: Value[]) => {
    const sql = `FROM persons WHERE site_id = ? AND ${condition}`
    const values = [site, ...given]
    return { ids: { sql: `SELECT id ${sql}`, values }, numbers: { sql: `SELECT rowid ${sql}`, values } }
  }
  // One index has stages and the scores in each.
  const scored = [
    ...(scoreGte === undefined ? [] : [{ sql: '>= ?', value: scoreGte }]),
    ...(scoreLt === undefined ? [] : [{ sql: '< ?', value: scoreLt }]),
  ]
  if (stages || scored.length > 0) {
    const among = stages && `IN (${stages.map(() => '?').join(', ')})`
    const conditions = (ofStage: string, ofScore: string) =>
      [...(among ? [`${ofStage} ${among}`] : []), ...scored.map(({ sql }) => `${ofScore} ${sql}`)].join(' AND ')
    const values = [...(stages ?? []), ...scored.map(({ value }) => value)]
    add({ sql: conditions(column('p.stage'), score), values }, ofSite(conditions('stage', 'score'), ...values))
  }
  if (overdueAt !== undefined) {
    const overdue = `stage = 'sql' AND stage_since < ? - (SELECT follow_up_hours FROM sites WHERE id = ?) * ${HOUR}`
    add(
      { sql: overdue.replaceAll('stage', column('p.stage')), values: [overdueAt, site] },
      ofSite(overdue, overdueAt, site),
    )
  }
  if (grade !== undefined) add({ sql: `${column('p.grade')} = ?`, values: [grade] }, ofSite('grade = ?', grade))
  if (seenSince !== undefined) {
    const seen = 'ifnull(last_seen, 0) >= ?'
    add({ sql: `${lastSeen} >= ?`, values: [seenSince] }, ofSite(seen, seenSince))
  }
  if (label !== undefined) {
    // Their names are words, which JSON writes as they are.
    const values = [JSON.stringify(label)]
    add(
      { sql: `instr(${column('p.labels')}, ?) > 0`, values },
      ofSite(`labels <> '[]' AND instr(labels, ?) > 0`, ...values),
    )
  }
  if (candidate !== undefined) {
    const sql = `candidate_since IS ${candidate ? 'NOT ' : ''}NULL`
    add({ sql: `p.${sql}`, values: [] }, candidate ? ofSite(sql) : undefined)
  }
  if (company !== undefined) {
    const match = matching('company', company)
    add(
      { sql: 'lower(p.company) = lower(?)', values: [company] },
      {
        ids: {
          sql: found(match.from, `(${match.sql}) AND lower(search.company) = lower(?)`),
          values: [site, ...match.values, company],
        },
      },
    )
  }
  if (search !== undefined) {
    const match = matching(null, search)
    const ids = { sql: found(match.from, match.sql), values: [site, ...match.values] }
    const byId: Part = { sql: 'SELECT id FROM persons WHERE id = ? AND site_id = ?', values: [search, site] }
    if (connection.prepare(byId.sql).get(...byId.values)) {
      const either = { sql: `${ids.sql} UNION ${byId.sql}`, values: [...ids.values, ...byId.values] }
      add({ sql: `p.id IN (${either.sql})`, values: either.values }, { ids: either })
    } else {
      add(standing(match, search), { ids, ...(match.from === 'search' && { rows: ids }) })
    }
  }
  const journey = journeyFilter(connection, site, query)
  if (journey) filters.push(journey)
  return filters
}

const found = (from: string, condition: string): string =>
  `SELECT j.person_id AS id FROM ${from} search CROSS JOIN journeys j ON j.id = search.rowid AND j.site_id = ? WHERE (${condition})`

/** What the index was made of, as it keeps it itself: read by itself it is four times as fast. */
const INDEXED = '(SELECT id AS rowid, c0 AS email, c1 AS name, c2 AS company FROM search_content)'

type Search = Part & { from: string }

/** The index has every three characters that stand together; shorter texts are looked for in all that it was made of. */
function matching(column: 'company' | null, text: string): Search {
  if (Array.from(text).length < 3) return like(column, text)
  const quoted = `"${text.replaceAll('"', '""')}"`
  return { from: 'search', sql: 'search MATCH ?', values: [column === null ? quoted : `${column} : ${quoted}`] }
}

/** Upper and lower case of ASCII alone are the same to it. */
function like(column: 'company' | null, text: string): Search {
  const columns = column === null ? ['email', 'name', 'company'] : [column]
  const pattern = `%${text.replaceAll(/[%_\\]/g, String.raw`\$&`)}%`
  return {
    from: INDEXED,
    sql: columns.map(name => String.raw`search.${name} LIKE ? ESCAPE '\'`).join(' OR '),
    values: columns.map(() => pattern),
  }
}

/** Whether one person is found: by what is known of them, or, where only the index knows all letters' cases, by all it finds. */
function standing(match: Search, text: string): Part {
  const exists = (condition: string) =>
    `EXISTS (SELECT 1 FROM journeys j WHERE j.site_id = p.site_id AND j.person_id = p.id AND ${condition})`
  if (match.from === INDEXED || /^[ -~]*$/.test(text)) {
    const { from, sql, values } = like(null, text)
    return { sql: exists(`EXISTS (SELECT 1 FROM ${from} search WHERE search.rowid = j.id AND (${sql}))`), values }
  }
  return {
    sql: exists(`+j.id IN (SELECT search.rowid FROM ${match.from} search WHERE ${match.sql})`),
    values: match.values,
  }
}
