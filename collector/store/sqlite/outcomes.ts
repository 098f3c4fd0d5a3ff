import type { Instant } from '../../../shared/instant.ts'
import type { Outcome, OutcomeReceipt } from '../../../shared/outcome.ts'
import { IDS_OF_PERSON, presentOwner } from './former-ids.ts'
import type { Connection } from './open.ts'

const COLUMNS = `o.id, ${presentOwner('o')} AS person, o.result, o.at, o.value, o.currency, o.source, o.actor`

/** How it went with a person. An outcome belongs to the id that it was reported for, and to whomever that id belongs to. */
export function outcomeReader(connection: Connection) {
  const ofPerson = connection.prepare(
    `SELECT ${COLUMNS} FROM outcomes o
     WHERE o.site_id = @site AND o.person_id IN ${IDS_OF_PERSON} ORDER BY o.at, o.id`,
  )
  return (site: number, person: string): Outcome[] => ofPerson.all({ site, person }) as Outcome[]
}

/** Inside the caller's transaction. `personOf` is whose an id is now, `null` for nobody's. */
export function outcomeWriter(connection: Connection, personOf: (site: number, id: string) => string | null) {
  const insert = connection.prepare(
    `INSERT INTO outcomes (site_id, id, person_id, result, at, value, currency, source, actor, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  return (site: number, outcome: Outcome, now: Instant): OutcomeReceipt => {
    const { id, result, at, value, currency, source, actor } = outcome
    const person = personOf(site, outcome.person)
    if (person === null) return 'unknown_person'
    const { changes } = insert.run(site, id, person, result, at, value, currency, source, actor, now)
    return changes === 1 ? 'stored' : 'duplicate'
  }
}
