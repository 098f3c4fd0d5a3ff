import { DAY, type Span } from '../../../shared/instant.ts'
import type { Step } from '../../../shared/milestone.ts'
import type { Asked, Filter, Part } from './lead-part.ts'
import type { Connection } from './open.ts'

/** A contact that is asked for: a condition on one of the rows of `contacts`. */
interface Met {
  name: string
  /** Of the facet. */
  id: number
  on: Part
  /** How many people had it, to about a day. */
  people: number
}

/**
 * Who came in touch with something, and reached a step at the contacts or after them; `null` when neither is asked. Looked
 * for from whichever fewest people have: a contact, or the step.
 */
export function journeyFilter(connection: Connection, site: number, query: Asked): Filter | null {
  const { contacts = [], touch, came, reached, reachedIn } = query
  if (contacts.length === 0 && !came && !reached) return null
  const asked = contacts.length === 0 && came ? [{ facet: '', value: '' }] : contacts
  const met = asked.map(({ facet, value }, index): Met => {
    const name = `c${index}`
    const span = came ? within(`${name}.at`, came) : NONE
    const { id, people } = facetOf(connection, site, { facet, value }, came)
    const first = touch === 'first' ? ` AND ${name}.first = 1` : ''
    return { name, id, on: { sql: `${name}.facet_id = ?${first}${span.sql}`, values: [id, ...span.values] }, people }
  })
  const step = reached ? stepReached(reached, reachedIn, contacts.length) : NONE
  const where = concat(
    'EXISTS (SELECT 1 FROM journeys j',
    ...met.map(joined),
    ' WHERE j.site_id = p.site_id AND j.person_id = p.id',
    step,
    ')',
  )
  const [only, ...more] = met
  const ever = !reachedIn || (reachedIn.from === null && reachedIn.to === null)
  // Tallies are by day: of a span they know less.
  const told = only && more.length === 0 && !came && ever
  const size = told ? { size: tallied(connection, only.id, reached ?? 'people', touch === 'first') } : {}
  if (only && more.length === 0 && (!reached || (reached === 'mql' && ever))) {
    // One contact tells it all: also whether its person was an MQL at it or after it.
    const on = concat(only.on, reached ? ` AND ${only.name}.mql_after IS NOT NULL` : NONE)
    return {
      where,
      ...size,
      rows: concat(`SELECT 1 FROM contacts ${only.name} WHERE `, on),
      ids: concat(journeysOf(only), ' WHERE ', on),
    }
  }
  const [fewest, ...others] = met.toSorted((a, b) => a.people - b.people)
  const fromStep = !fewest || (reached !== undefined && reachers(connection, site, reached) < fewest.people)
  const ofSite = { sql: ' WHERE j.site_id = ?', values: [site] }
  return {
    where,
    ...size,
    ids: fromStep
      ? concat('SELECT j.person_id AS id FROM journeys j', ...met.map(joined), ofSite, step)
      : concat(journeysOf(fewest), ...others.map(joined), ofSite, ' AND ', fewest.on, step),
  }
}

/** The journeys of those who had a contact; the contact is of one site. */
const journeysOf = ({ name }: Met): string =>
  `SELECT j.person_id AS id FROM contacts ${name} CROSS JOIN journeys j ON j.id = ${name}.journey_id`

const joined = ({ name, on: { sql, values } }: Met): Part => ({
  sql: ` CROSS JOIN contacts ${name} ON ${name}.journey_id = j.id AND ${sql}`,
  values,
})

/** At the contacts or after them. */
function stepReached(step: Step, span: Span | undefined, contacts: number): Part {
  const { sql, values } = span ? within(`j.${step}`, span) : NONE
  const after = Array.from({ length: contacts }, (_, index) => ` AND j.${step} >= c${index}.at`).join('')
  return { sql: ` AND j.${step} IS NOT NULL${after}${sql}`, values }
}

function facetOf(
  connection: Connection,
  site: number,
  { facet, value }: { facet: string; value: string },
  came: Span = { from: null, to: null },
): { id: number; people: number } {
  const during = within('t.since', { ...came, from: came.from === null ? null : came.from - DAY })
  const found = connection
    .prepare(
      `SELECT f.id, (SELECT ifnull(sum(people), 0) FROM tallies t WHERE t.facet_id = f.id${during.sql}) AS people
       FROM facets f WHERE f.site_id = ? AND f.kind = ? AND f.value = ?`,
    )
    .get(...during.values, site, facet, value) as { id: number; people: number } | undefined
  return found ?? { id: -1, people: 0 }
}

/** How many had a contact, or reached a step at it or after it. */
const tallied = (connection: Connection, facet: number, what: 'people' | Step, first: boolean): number =>
  connection
    .prepare(`SELECT ifnull(sum(${what}), 0) FROM tallies WHERE facet_id = ? AND first >= ?`)
    .pluck()
    .get(facet, first ? 1 : 0) as number

const reachers = (connection: Connection, site: number, step: Step): number =>
  connection
    .prepare(`SELECT count(*) FROM journeys WHERE site_id = ? AND ${step} IS NOT NULL`)
    .pluck()
    .get(site) as number

const NONE: Part = { sql: '', values: [] }

const within = (column: string, { from, to }: Span): Part =>
  concat(
    from === null ? NONE : { sql: ` AND ${column} >= ?`, values: [from] },
    to === null ? NONE : { sql: ` AND ${column} < ?`, values: [to] },
  )

const concat = (...parts: (string | Part)[]): Part => ({
  sql: parts.map(part => (typeof part === 'string' ? part : part.sql)).join(''),
  values: parts.flatMap(part => (typeof part === 'string' ? [] : part.values)),
})
