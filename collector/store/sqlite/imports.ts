import { claims } from '../../../shared/identity.ts'
import type { Instant } from '../../../shared/instant.ts'
import { Refusal } from '../../../shared/refusal.ts'
import type { Engine } from '../persons.ts'
import type { Arrival, Receipt } from '../store.ts'
import type { EventLine, Line, ModelLine, Named, PersonLine, Progress, Taken, TransitionLine } from '../transfer.ts'
import type { decisions } from './decisions.ts'
import type { MergeBook } from './merges.ts'
import type { ModelReader } from './models.ts'
import type { Connection } from './open.ts'
import type { outcomeWriter } from './outcomes.ts'
import type { PersonBook } from './persons.ts'
import type { Tombstones } from './erasures.ts'
import type { EventLog } from './events.ts'
import type { Due } from './settle.ts'
import type { TransitionLog } from './transitions.ts'
import { toBytes } from './uuid.ts'

interface Parts {
  persons: PersonBook
  models: ModelReader
  merges: MergeBook
  transitions: TransitionLog
  log: EventLog
  append: (arrival: Arrival, now: Instant, touched: Map<string, Due>) => Receipt
  addOutcome: ReturnType<typeof outcomeWriter>
  decide: ReturnType<typeof decisions>
  tombs: Tombstones
}

/** What comes by import. Every method runs inside the caller's transaction. */
export function importBook(connection: Connection, parts: Parts) {
  const { persons, models, merges, transitions, log, append, addOutcome, decide, tombs } = parts
  const takeModel = modelsIn(connection, models)
  const takePerson = personsIn(connection, parts)
  const visitorId = connection
    .prepare('SELECT id FROM visitors WHERE site_id = ? AND visitor = ? AND person_id = ?')
    .pluck()
  const owner = connection
    .prepare('SELECT person_id FROM identifiers WHERE site_id = ? AND kind = ? AND value = ?')
    .pluck()
  const sameStep = connection.prepare(
    `SELECT 1 FROM transitions WHERE site_id = ? AND person_id = ? AND "from" = ? AND "to" = ? AND at = ? AND effective_at = ?`,
  )
  const remember = connection.prepare(
    'INSERT INTO imports (site_id, source, progress) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET progress = excluded.progress',
  )
  const forget = connection.prepare('DELETE FROM imports WHERE site_id = ? AND source = ?')

  const postpone = (site: number, person: string): void => persons.postpone(site, person, models.live(site).version)

  function takeEvent(site: number, { visitor, person, receivedAt, event }: EventLine, now: Instant): Taken {
    const known = person === null ? undefined : (visitorId.get(site, visitor, person) as number | undefined)
    if (known !== undefined && person !== null) {
      if (!log.append(site, known, receivedAt, event)) return 'duplicate'
      const root = merges.rootOf(site, person)
      const { fold, model } = persons.standingOf(site, root)
      // Without a fold whoever judges next begins with the log anyway, and this may belong to what was judged.
      if (fold !== null || model === null) postpone(site, root)
      return 'stored'
    }
    // Lines without a time of their own are of now: they must not bring back who is gone, and has not come again.
    const named = tombs.any(site) ? claims({ ...event, visitor }, event.user) : []
    if (named.some(name => tombs.erasedAt(site, [name]) !== null && !owner.get(site, name.kind, name.value)))
      return ERASED
    const touched = new Map<string, Due>()
    const { duplicate, erased } = append({ site, visitor, receivedAt, events: [event], quarantined: [] }, now, touched)
    for (const id of touched.keys()) postpone(site, id)
    if (erased) return ERASED
    return duplicate > 0 ? 'duplicate' : 'stored'
  }

  function takeTransition(site: number, { person, step }: TransitionLine): Taken {
    const { from, to, at, effectiveAt } = step
    if (sameStep.get(site, person, from, to, at, effectiveAt)) return 'duplicate'
    if (!persons.exists(site, merges.rootOf(site, person))) return unknown({ id: person })
    transitions.add(site, person, step)
    return 'stored'
  }

  const find = (site: number, named: Named): string | null => {
    const id = 'kind' in named ? (owner.get(site, named.kind, named.value) as string | undefined) : named.id
    if (id === undefined) return null
    const person = merges.rootOf(site, id)
    return persons.exists(site, person) ? person : null
  }

  return {
    takeOne(site: number, line: Line, now: Instant, engine: Engine): Taken {
      switch (line.kind) {
        case 'event':
          return takeEvent(site, line, now)
        case 'person':
          return takePerson(site, line)
        case 'transition':
          return takeTransition(site, line)
        case 'model':
          return takeModel(site, line)
        case 'outcome': {
          const person = find(site, line.person)
          return person === null
            ? unknown(line.person)
            : (addOutcome(site, { ...line.outcome, person }, now) as 'stored' | 'duplicate')
        }
        default: {
          const person = find(site, line.person)
          if (person === null) return unknown(line.person)
          if (persons.standingOf(site, person).stage === line.to) return 'duplicate'
          const { to, reason, note } = line
          return refused(() =>
            decide.move(
              site,
              person,
              { to, actor: 'import', ...(reason && { reason }), ...(note && { note }) },
              now,
              engine,
            ),
          )
        }
      }
    },

    remember: (site: number, source: string, progress: Progress): void =>
      void remember.run(site, source, JSON.stringify(progress)),

    forgetImport: (site: number, source: string): void => void forget.run(site, source),
  }
}

const ERASED: Taken = { rejected: 'person: was erased, and this is of their past' }

/** Nothing of whom it names is repeated: what was rejected is listed in a file that nobody will think of. */
const unknown = (named: Named): Taken => ({
  rejected: `${'kind' in named ? named.kind : 'person'}: nobody is known by it; lines about a person come before`,
})

/** A decision that is refused is a line that is rejected. */
function refused(decision: () => void): Taken {
  try {
    decision()
    return 'stored'
  } catch (error) {
    if (error instanceof Refusal) return { rejected: `to: ${error.message}` }
    throw error
  }
}

function modelsIn(connection: Connection, models: ModelReader) {
  const known = connection.prepare('SELECT document FROM models WHERE site_id = ? AND version = ?').pluck()
  const judged = connection.prepare('SELECT 1 FROM persons WHERE site_id = ? LIMIT 1')
  const put = connection.prepare(
    `INSERT INTO models (site_id, version, document, created_at, author, published_at, copy_of) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET document = excluded.document, created_at = excluded.created_at, author = excluded.author,
       published_at = excluded.published_at, copy_of = excluded.copy_of`,
  )
  const goLive = connection.prepare('UPDATE sites SET model = ? WHERE id = ?')

  /** The starter of a site that nobody came to yet gives way; what has ever scored anybody stays. */
  return (site: number, line: ModelLine): Taken => {
    const { version, createdAt, author, publishedAt, copyOf, live } = line
    const document = JSON.stringify(line.document)
    const before = known.get(site, version) as string | undefined
    const isUsed = judged.get(site) !== undefined
    if (before === document && isUsed) return 'duplicate'
    if (before !== undefined && before !== document && isUsed)
      return { rejected: `version: ${version} is another model here, which has scored somebody` }
    put.run(site, version, document, createdAt, author, publishedAt, copyOf)
    if (live && !isUsed) goLive.run(version, site)
    models.forget()
    return 'stored'
  }
}

function personsIn(connection: Connection, { persons, models, tombs }: Parts) {
  const addFormer = connection.prepare(
    'INSERT INTO former_ids (site_id, former_id, person_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const addIdentifier = connection.prepare(
    'INSERT INTO identifiers (site_id, kind, value, person_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const taken = connection.prepare('SELECT 1 FROM visitors WHERE site_id = ? AND visitor = ? AND current = 1')
  const addVisitor = connection.prepare(
    'INSERT INTO visitors (site_id, visitor, person_id, current) VALUES (?, ?, ?, ?)',
  )
  const addMerge = connection.prepare(
    `INSERT INTO merges (site_id, from_id, into_id, at, actor, event, from_stage, from_since, from_recycled, into_stage,
       into_since, into_recycled, undone_at, undone_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addScore = connection.prepare(
    `INSERT INTO manual_scores (site_id, person_id, score, author, reason, at, until) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const addStop = connection.prepare(
    `INSERT INTO profiling_stops (site_id, person_id, at, reason, said_at, actor) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const elsewhere = connection.prepare('SELECT 1 FROM persons WHERE id = ? AND site_id <> ?')

  /** A person of an export of our own: all that makes them, to be judged when their events are there. */
  return (site: number, line: PersonLine): Taken => {
    const { id, stage, stageSince, recycledAt, scoredAt } = line
    if (persons.exists(site, id)) return 'duplicate'
    if (tombs.erasedAt(site, [{ kind: 'person', value: id }, ...line.identifiers]) !== null) return ERASED
    if (elsewhere.get(id, site)) return { rejected: 'id: belongs to a person of another site of this collector' }
    for (const former of line.formerIds) addFormer.run(site, former, id)
    for (const { kind, value, person } of line.identifiers) addIdentifier.run(site, kind, value, person)
    for (const { visitor, person, current } of line.visitors)
      addVisitor.run(site, visitor, person, current && !taken.get(site, visitor) ? 1 : 0)
    for (const merge of line.merges) {
      addMerge.run(
        site,
        merge.from,
        merge.into,
        merge.at,
        merge.actor,
        merge.event === null ? null : toBytes(merge.event),
        merge.fromStage,
        merge.fromSince,
        merge.fromRecycled,
        merge.intoStage,
        merge.intoSince,
        merge.intoRecycled,
        merge.undoneAt,
        merge.undoneBy,
      )
    }
    for (const given of line.manualScores)
      addScore.run(site, given.person, given.score, given.author, given.reason, given.at, given.until)
    for (const { person, at, reason, saidAt, actor } of line.profilingStops)
      addStop.run(site, person, at, reason, saidAt, actor)
    persons.postpone(site, id, models.live(site).version, scoredAt)
    persons.reset(site, id, { stage, stageSince, recycledAt })
    return 'stored'
  }
}
