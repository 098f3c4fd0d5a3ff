import type { Identifier } from '../../../shared/identity.ts'
import type { ManualScore, ProfilingStop } from '../../../shared/person.ts'
import type { StoredEvent } from '../../../shared/event.ts'
import type { EventLine, Line, Merge, ModelLine, OutcomeLine, PersonLine, Progress, TransferOut } from '../transfer.ts'
import { EVENT_COLUMNS, EVENT_TABLES, readEvent } from './events.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import { connect, type Connection } from './open.ts'
import { POSTPONED } from './persons.ts'
import { readTransition } from './transitions.ts'
import { fromBytes } from './uuid.ts'

/** Read at once; between two of them others are served. */
const AT_ONCE = 500

export function exportMethods(connection: Connection, path: string): TransferOut {
  const progress = connection.prepare('SELECT progress FROM imports WHERE site_id = ? AND source = ?').pluck()
  const postponed = connection.prepare(`SELECT count(*) FROM persons WHERE due_at = ${POSTPONED}`).pluck()
  return {
    importProgress: async (site, source) => {
      const kept = progress.get(site, source) as string | undefined
      return kept === undefined ? null : (JSON.parse(kept) as Progress)
    },

    personLine: async (site, person) => {
      const row = connection.prepare(`${PERSON_ROW} WHERE site_id = ? AND id = ?`).get(site, person) as
        PersonRow | undefined
      return row ? personReader(connection, site)(row) : null
    },

    postponed: async () => postponed.get() as number,

    async *lines(site) {
      // A connection of its own, so that its view of the database stays while others write.
      const reader = path === ':memory:' ? connection : connect(path)
      try {
        reader.exec('BEGIN')
        yield* linesOf(reader, site)
      } finally {
        if (reader.inTransaction) reader.exec('COMMIT')
        if (reader !== connection) reader.close()
      }
    },
  }
}

/** Where a page of rows ends. */
type Place = number | string | Buffer

function* linesOf(connection: Connection, site: number): Iterable<Line[]> {
  const paged = (sql: string, first: Place, toLine: (row: never) => Line) => pages(connection, sql, site, first, toLine)

  yield modelsOf(connection, site)
  const toPerson = personReader(connection, site)
  yield* paged(
    `${PERSON_ROW}
     WHERE +site_id = @site AND id > @after ORDER BY id LIMIT ${AT_ONCE}`,
    '',
    toPerson,
  )
  yield* paged(
    `SELECT e.id AS place, v.person_id AS own, e.raw_at, e.received_at, ${EVENT_COLUMNS}
     FROM ${EVENT_TABLES} JOIN visitors v ON v.id = e.visitor_id
     WHERE e.site_id = @site AND e.id > @after ORDER BY e.id LIMIT ${AT_ONCE}`,
    Buffer.alloc(0),
    toEvent,
  )
  yield* paged(
    `SELECT id AS place, person_id, "from", "to", at, effective_at AS effectiveAt, actor, cause, event, model, score, reason,
       note, quiet, explanation
     FROM transitions WHERE +site_id = @site AND id > @after ORDER BY id LIMIT ${AT_ONCE}`,
    0,
    ({ person_id: person, ...row }: { person_id: string }) => ({
      kind: 'transition',
      person,
      step: readTransition(row),
    }),
  )
  yield* paged(
    `SELECT id AS place, id, person_id AS person, result, at, value, currency, source, actor FROM outcomes
     WHERE site_id = @site AND id > @after ORDER BY id LIMIT ${AT_ONCE}`,
    '',
    ({ person, ...outcome }: OutcomeLine['outcome'] & { person: string }) => ({
      kind: 'outcome',
      person: { id: person },
      outcome,
    }),
  )
}

/** The rows of a query that gives those after `@after`, in the order of their `place`. */
function* pages(
  connection: Connection,
  sql: string,
  site: number,
  first: Place,
  toLine: (row: never) => Line,
): Iterable<Line[]> {
  const read = connection.prepare(sql)
  let after = first
  for (;;) {
    const rows = read.all({ site, after }) as { place: Place }[]
    if (rows.length === 0) return
    yield rows.map(({ place, ...row }) => {
      after = place
      return toLine(row as never)
    })
  }
}

function modelsOf(connection: Connection, site: number): ModelLine[] {
  const rows = connection
    .prepare(
      `SELECT m.version, m.document, m.created_at AS createdAt, m.author, m.published_at AS publishedAt, m.copy_of AS copyOf,
         m.version = s.model AS live
       FROM models m JOIN sites s ON s.id = m.site_id WHERE m.site_id = ? ORDER BY m.version`,
    )
    .all(site) as (Omit<ModelLine, 'kind' | 'document' | 'live'> & { document: string; live: number })[]
  return rows.map(row => ({ kind: 'model', ...row, document: JSON.parse(row.document), live: row.live === 1 }))
}

const PERSON_ROW = 'SELECT id AS place, id, stage, stage_since, recycled_at, scored_at FROM persons'

interface PersonRow {
  id: string
  stage: PersonLine['stage']
  stage_since: number | null
  recycled_at: number | null
  scored_at: number
}

function personReader(connection: Connection, site: number): (row: PersonRow) => PersonLine {
  const theirs = (columns: string, table: string, order: string) =>
    connection.prepare(
      `SELECT ${columns} FROM ${table} WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} ORDER BY ${order}`,
    )
  const formerIds = connection
    .prepare('SELECT former_id FROM former_ids WHERE site_id = ? AND person_id = ? ORDER BY former_id')
    .pluck()
  const identifiers = theirs('kind, value, person_id AS person', 'identifiers', 'kind, value')
  const visitors = theirs('visitor, person_id AS person, current', 'visitors', 'id')
  const scores = theirs('person_id AS person, score, author, reason, at, until', 'manual_scores', 'person_id')
  const stops = theirs(
    'person_id AS person, at, reason, said_at AS saidAt, actor',
    'profiling_stops',
    'person_id, reason',
  )
  const merges = connection.prepare(
    `SELECT from_id AS "from", into_id AS "into", at, actor, event, from_stage AS fromStage, from_since AS fromSince,
       from_recycled AS fromRecycled, into_stage AS intoStage, into_since AS intoSince, into_recycled AS intoRecycled,
       undone_at AS undoneAt, undone_by AS undoneBy
     FROM merges WHERE site_id = @site AND into_id IN ${IDS_OF_PERSON} ORDER BY id`,
  )
  return row => {
    const { id: person } = row
    return {
      kind: 'person',
      id: person,
      stage: row.stage,
      stageSince: row.stage_since,
      recycledAt: row.recycled_at,
      scoredAt: row.scored_at,
      formerIds: formerIds.all(site, person) as string[],
      identifiers: identifiers.all({ site, person }) as (Identifier & { person: string })[],
      visitors: (visitors.all({ site, person }) as { visitor: string; person: string; current: number }[]).map(
        known => ({
          ...known,
          current: known.current === 1,
        }),
      ),
      merges: (merges.all({ site, person }) as (Omit<Merge, 'event'> & { event: Buffer | null })[]).map(merge => ({
        ...merge,
        event: merge.event && fromBytes(merge.event),
      })),
      manualScores: scores.all({ site, person }) as (ManualScore & { person: string })[],
      profilingStops: stops.all({ site, person }) as PersonLine['profilingStops'] & ProfilingStop[],
    }
  }
}

function toEvent(row: { own: string; raw_at: number; received_at: number }): EventLine {
  const { visitor, ...event }: StoredEvent = readEvent(row)
  return {
    kind: 'event',
    visitor,
    person: row.own,
    receivedAt: row.received_at,
    event: { ...event, rawAt: row.raw_at },
  }
}
