import { createHash } from 'node:crypto'
import { inOrder, type StoredEvent } from '../../../shared/event.ts'
import { claims } from '../../../shared/identity.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Model } from '../../../shared/model.ts'
import type { Transition } from '../../../shared/stage.ts'
import type { Arrival, Judge, Receipt, Store, StoreOptions } from '../store.ts'
import { eventLog } from './events.ts'
import type { Connection } from './open.ts'
import { personBook } from './persons.ts'
import { toBytes } from './uuid.ts'

/** A person to be judged at the end of the transaction. */
interface Due {
  site: number
  events: StoredEvent[]
  /** Two histories became one: the fold must begin anew. */
  refold: boolean
}

/** The write path: append, resolve persons, judge, save; one transaction for everything that waited. */
export function recorder(connection: Connection, { newId }: StoreOptions): Pick<Store, 'record' | 'refresh'> {
  const log = eventLog(connection)
  const persons = personBook(connection, newId)
  const liveModel = modelReader(connection)
  const addTransition = connection.prepare(
    `INSERT INTO transitions (site_id, person_id, "from", "to", at, effective_at, actor, cause, event, model, score)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addQuarantined = connection.prepare(
    `INSERT INTO quarantine (site_id, digest, received_at, visitor, provenance, reason, raw)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const notScoredSince = connection.prepare(
    `SELECT site_id AS site, id FROM persons WHERE scored_at < ? AND top_reasons <> '[]' ORDER BY scored_at LIMIT ?`,
  )

  function append(arrival: Arrival, due: Map<string, Due>): Receipt {
    const { site, visitor: name, receivedAt } = arrival
    const receipt: Receipt = { stored: 0, duplicate: 0, quarantined: 0 }
    let visitor = persons.visitorOf(site, name)
    for (const event of arrival.events.toSorted(inOrder)) {
      if (!log.append(site, visitor.id, receivedAt, event)) {
        receipt.duplicate++
        continue
      }
      receipt.stored++
      const { rawAt: _, ...stored } = event
      const kept = { ...stored, visitor: name }
      const claimed = claims(kept)
      if (claimed.length > 0) {
        const before = visitor
        const { merged, ...now } = persons.identify(site, name, visitor, claimed)
        visitor = now
        if (visitor.id !== before.id) log.move(site, event.id, visitor.id)
        if (merged !== undefined) {
          due.delete(merged)
          dueFor(due, site, visitor.person).refold = true
        }
      }
      dueFor(due, site, visitor.person).events.push(kept)
    }
    for (const { raw, reason, provenance } of arrival.quarantined) {
      const digest = createHash('sha256').update(name).update('\0').update(raw).digest()
      const { changes } = addQuarantined.run(site, digest, receivedAt, name, provenance, reason, raw)
      if (changes === 1) receipt.quarantined++
      else receipt.duplicate++
    }
    return receipt
  }

  function settle(id: string, { site, events, refold }: Due, judge: Judge, now: Instant): void {
    const { version, document } = liveModel.of(site)
    const standing = persons.standingOf(site, id)
    const isNew = standing.stage === 'visitor' && standing.fold === null
    const verdict =
      (refold || (standing.fold === null && !isNew) ? null : judge(document, version, standing, events, now)) ??
      judge(document, version, { ...standing, fold: null }, log.history(site, id), now)
    if (!verdict) throw new Error(`The judge refused the whole history of ${id}.`)
    persons.save(site, id, verdict, version, now)
    for (const step of verdict.transitions) saveTransition(site, id, step)
  }

  function saveTransition(site: number, person: string, step: Transition): void {
    const event = step.event === null ? null : toBytes(step.event)
    const { from, to, at, effectiveAt, actor, cause, model, score } = step
    addTransition.run(site, person, from, to, at, effectiveAt, actor, cause, event, model, score)
  }

  /** What is remembered between transactions is good until one is rolled back or another connection writes. */
  const forget = (): void => {
    for (const part of [log, persons, liveModel]) part.forget()
  }
  const dataVersion = connection.prepare('PRAGMA data_version').pluck()
  let seenVersion = dataVersion.get()

  function transaction<Given extends unknown[], Result>(body: (...given: Given) => Result) {
    const run = connection.transaction((...given: Given): Result => {
      const version = dataVersion.get()
      if (version !== seenVersion) forget()
      seenVersion = version
      return body(...given)
    })
    return async (...given: Given): Promise<Result> => {
      try {
        return run.immediate(...given)
      } catch (error) {
        forget()
        throw error
      }
    }
  }

  return {
    record: transaction((arrivals, judge, now) => {
      const due = new Map<string, Due>()
      const receipts = arrivals.map(arrival => append(arrival, due))
      for (const [id, person] of due) settle(id, person, judge, now)
      return receipts
    }),
    refresh: transaction((before, limit, judge, now) => {
      const stale = notScoredSince.all(before, limit) as { site: number; id: string }[]
      for (const { site, id } of stale) settle(id, { site, events: [], refold: false }, judge, now)
      return stale.length
    }),
  }
}

function dueFor(due: Map<string, Due>, site: number, person: string): Due {
  const found = due.get(person)
  if (found) return found
  const fresh: Due = { site, events: [], refold: false }
  due.set(person, fresh)
  return fresh
}

interface LiveModel {
  version: number
  document: Model
}

/** A document is parsed once a version, and stays the same object, so that scoring can compile it once. */
function modelReader(connection: Connection) {
  const version = connection.prepare('SELECT max(version) FROM models WHERE site_id = ?').pluck()
  const document = connection.prepare('SELECT document FROM models WHERE site_id = ? AND version = ?').pluck()
  const read = new Map<number, LiveModel>()
  const current = new Map<number, LiveModel>()

  return {
    of(site: number): LiveModel {
      const known = current.get(site)
      if (known) return known
      const live = version.get(site) as number | null
      if (live === null) throw new Error(`Site ${site} has no model.`)
      const parsed = read.get(site)
      const model =
        parsed?.version === live
          ? parsed
          : { version: live, document: JSON.parse(document.get(site, live) as string) as Model }
      read.set(site, model)
      current.set(site, model)
      return model
    },
    forget: () => current.clear(),
  }
}
