import { inOrder } from '../../../shared/event.ts'
import { claims, isAlias } from '../../../shared/identity.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Eraser } from '../erasure.ts'
import type { Models } from '../models.ts'
import type { OutboxWriter } from '../outbox.ts'
import type { Engine, Persons } from '../persons.ts'
import type { QuarantineWriter } from '../quarantine.ts'
import type { Arrival, Receipt, StoreOptions } from '../store.ts'
import type { TransferIn } from '../transfer.ts'
import { decisions } from './decisions.ts'
import { eraser, expiries, overwriting, sift, tombstones } from './erasures.ts'
import { eventLog } from './events.ts'
import { folder } from './fold.ts'
import { importBook } from './imports.ts'
import { identityBook } from './identity.ts'
import { mergeBook } from './merges.ts'
import { modelReader, modelWriter } from './models.ts'
import { newsDesk } from './news.ts'
import { outcomeWriter } from './outcomes.ts'
import type { Connection } from './open.ts'
import { outboxWriter } from './outbox.ts'
import { LEFT, personBook, POSTPONED } from './persons.ts'
import { quarantineBook } from './quarantine.ts'
import { profilingStopBook } from './profiling-stops.ts'
import { refolder } from './refold.ts'
import { settler, type Due } from './settle.ts'
import { transitionLog } from './transitions.ts'

type Writing = Persons & Pick<Models, 'draft' | 'publish'> & OutboxWriter & TransferIn & Eraser & QuarantineWriter

/** The write path: each verb is one transaction. What arrives: append, resolve persons, judge, save. */
export function recorder(connection: Connection, { newId, onTold = () => {} }: StoreOptions): Writing {
  const log = eventLog(connection)
  const stops = profilingStopBook(connection)
  const persons = personBook(connection, stops, person => refolds.drop(person))
  const models = modelReader(connection)
  const writing = modelWriter(connection)
  const merges = mergeBook(connection)
  const identity = identityBook(connection, merges, newId)
  const transitions = transitionLog(connection)
  const outbox = outboxWriter(connection)
  const news = newsDesk(connection, newId)
  const reports = folder(connection)
  const parts = { log, persons, models, transitions, news, reports }
  const tombs = tombstones(connection)
  const quarantine = quarantineBook(connection)
  const { remove: erase } = eraser(connection, { persons, reports, tombs, quarantine })
  const overwrite = overwriting(connection)
  const { expiring, trim } = expiries(connection)
  const settling = settler(parts)
  const { settle, settleSoon } = settling
  const refolds = refolder(parts, settling)
  const decide = decisions(connection, { ...parts, merges, identity, settle, stops })
  const addOutcome = outcomeWriter(connection, (site, id) => {
    const person = merges.rootOf(site, id)
    return persons.exists(site, person) ? person : null
  })
  const due = connection.prepare(
    `SELECT site_id AS site, id, CASE due_at WHEN ${POSTPONED} THEN scored_at END AS asOf FROM persons
     WHERE due_at <= ? AND due_at <> ${LEFT} ORDER BY due_at LIMIT ?`,
  )
  const siteIds = connection.prepare('SELECT id FROM sites').pluck()
  const stale = connection
    .prepare(
      `SELECT id FROM persons WHERE site_id = @site AND model < @version AND due_at IS NOT ${LEFT}
       UNION ALL SELECT id FROM persons WHERE site_id = @site AND model > @version AND due_at IS NOT ${LEFT}
       LIMIT @limit`,
    )
    .pluck()

  /** A withdrawal stops profiling at once; a consent of the same browser, given later, starts it again. */
  function heed(arrival: Arrival, touched: Map<string, Due>): void {
    const { site, visitor: name, receivedAt, consent } = arrival
    const visitor = consent && identity.visitorsOf(site, name)[0]
    if (!visitor || !persons.exists(site, visitor.person)) return
    const { own, person } = visitor
    const standing = persons.standingOf(site, person)
    if (consent.state === 'denied')
      stops.add(site, own, { at: receivedAt, reason: 'consent_withdrawn' }, consent.saidAt, 'visitor')
    else if (!standing.profilingStopped || !stops.consent(site, own, consent.saidAt)) return
    persons.reset(site, person, standing)
    dueFor(touched, site, person).refold = true
  }

  /** A browser that was first heard of after a withdrawal, and consents, speaks for the person whom it joins. */
  function heedNewcomer({ site, consent }: Arrival, person: string, visitorId: number): void {
    const standing = persons.standingOf(site, person)
    if (consent?.state !== 'granted' || !standing.profilingStopped) return
    const since = log.firstReceived(visitorId) ?? -Infinity
    if (stops.consentOf(site, person, since, consent.saidAt)) persons.reset(site, person, standing)
  }

  function append(arrival: Arrival, now: Instant, touched: Map<string, Due>): Receipt {
    const { site, visitor: name, receivedAt } = arrival
    const receipt: Receipt = { stored: 0, duplicate: 0, quarantined: 0 }
    if (arrival.consent) heed(arrival, touched)
    if (arrival.consent?.state === 'denied') return receipt
    const { events, quarantined, erased } = sift(tombs, arrival)
    if (erased) receipt.erased = erased
    if (erased && events.length + quarantined.length === 0) return receipt
    let visitor = identity.visitorOf(site, name)
    for (const event of events.toSorted(inOrder)) {
      if (!log.append(site, visitor.id, receivedAt, event)) {
        receipt.duplicate++
        continue
      }
      receipt.stored++
      const { rawAt: _, user, ...stored } = event
      const kept = { ...stored, visitor: name }
      const claimed = claims(kept, user)
      if (claimed.length > 0) {
        const before = visitor
        const { joining, visitor: next } = identity.identify(site, name, visitor, claimed, isAlias(kept))
        visitor = next
        if (visitor.id !== before.id) log.move(site, event.id, visitor.id)
        if (joining) {
          const { from, into } = joining
          decide.join(site, from, into, { actor: 'engine', at: now, event: event.id })
          heedNewcomer(arrival, into, before.id)
          touched.delete(from)
          dueFor(touched, site, into).refold = true
        }
      }
      dueFor(touched, site, visitor.person).events.push(kept)
    }
    for (const item of quarantined) {
      if (quarantine.add(arrival, item)) receipt.quarantined++
      else receipt.duplicate++
    }
    return receipt
  }

  function record(arrivals: readonly Arrival[], now: Instant, engine: Engine): Receipt[] {
    const touched = new Map<string, Due>()
    const receipts = arrivals.map(arrival => append(arrival, now, touched))
    for (const [id, person] of touched) {
      refolds.note(id, person.events)
      if (persons.dueAt(person.site, id) === POSTPONED)
        settle(id, another(person.site), now, engine, { imported: true })
      settleSoon(id, person, now, engine)
    }
    return receipts
  }

  /** What is remembered between transactions is good until one is rolled back or another connection writes. */
  const forget = (): void => {
    for (const part of [tombs, log, persons, models, news, reports, refolds]) part.forget()
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
        const result = run.immediate(...given)
        if (news.told()) onTold()
        return result
      } catch (error) {
        forget()
        throw error
      }
    }
  }

  /** Who wants to be told is another one afterwards. */
  const subscribing =
    <Given extends unknown[]>(verb: (...given: Given) => void) =>
    (...given: Given): void => {
      verb(...given)
      news.forget()
    }

  const staleOf = (site: number, limit: number): string[] =>
    stale.all({ site, version: models.live(site).version, limit }) as string[]

  const { takeOne, remember, forgetImport } = importBook(connection, {
    persons,
    models,
    merges,
    transitions,
    log,
    append,
    addOutcome,
    decide,
    tombs,
  })
  const transferIn: TransferIn = {
    take: transaction((site, lines, now, engine) => lines.map(line => takeOne(site, line, now, engine))),
    takeUpTo: transaction((site, lines, source, progress, now, engine) => {
      const come = progress(lines.map(line => takeOne(site, line, now, engine)))
      remember(site, source, come)
      return come
    }),
    forgetImport: transaction(forgetImport),
  }

  return {
    record: transaction(record),
    reprocess: transaction((site, items, now, engine) => {
      const arrivals: Arrival[] = []
      let quarantined = 0
      for (const item of items) {
        if ('reason' in item) quarantined += Number(quarantine.keep(site, item.id, item.reason))
        else if (quarantine.take(site, item.id)) arrivals.push(item.arrival)
      }
      return record(arrivals, now, engine).reduce(together, { stored: 0, duplicate: 0, quarantined })
    }),
    refresh: transaction((limit, now, engine) => {
      const found = due.all(now, limit) as { site: number; id: string; asOf?: Instant | null }[]
      for (const site of siteIds.all() as number[]) {
        if (found.length < limit) found.push(...staleOf(site, limit - found.length).map(id => ({ site, id })))
      }
      for (const { site, id, asOf = null } of found) {
        if (asOf === null) settleSoon(id, nothingNew(site), now, engine)
        else settle(id, another(site), asOf || now, engine, { imported: true })
      }
      return found.length
    }),
    rescore: transaction((site, limit, now, engine) => {
      const found = staleOf(site, limit)
      for (const id of found) settleSoon(id, nothingNew(site), now, engine)
      return found.length
    }),
    rejudge: transaction((site, id, now, engine) => {
      const person = decide.find(site, id)
      if (persons.standingOf(site, person).model !== models.live(site).version)
        settleSoon(person, nothingNew(site), now, engine)
    }),
    refold: transaction(refolds.refold),
    move: transaction(decide.move),
    override: transaction(decide.override),
    stopProfiling: transaction(decide.stopProfiling),
    resumeProfiling: transaction(decide.resumeProfiling),
    addOutcomes: transaction((site, outcomes, now) => outcomes.map(outcome => addOutcome(site, outcome, now))),
    merge: transaction(decide.merge),
    unmerge: transaction(decide.unmerge),
    remark: transaction(decide.remark),
    fold: transaction(reports.fold),
    ...transferIn,
    erase: transaction((site, id, now) => erase(site, decide.find(site, id), now, true)),
    expire: transaction((site, before, { after, limit, dry }, now, engine) => {
      const found = expiring(site, before, after, limit)
      for (const { id, isGone } of dry ? [] : found.persons) {
        if (isGone) erase(site, id, now, false)
        else if (trim(site, id, before) > 0) {
          persons.reset(site, id, persons.standingOf(site, id))
          settle(id, another(site), now, engine, { imported: true })
        }
      }
      // Once, with the last of them: it is of nobody in particular.
      const quarantined = found.after === null ? quarantine.old(site, before) : 0
      if (!dry && quarantined > 0) quarantine.removeOld(site, before)
      return {
        persons: found.persons.filter(({ isGone }) => isGone).length,
        events: found.events,
        quarantined,
        after: found.after,
      }
    }),
    overwrite: async () => overwrite(),
    draft: transaction(writing.draft),
    publish: transaction((site, version, author, now, tells) => {
      // The writing thread hands every verb the engine last.
      const published = writing.publish(site, version, author, now, tells === true)
      models.forget()
      return published
    }),
    addWebhook: transaction(subscribing(outbox.addWebhook)),
    changeWebhook: transaction(subscribing(outbox.changeWebhook)),
    removeWebhook: transaction(subscribing(outbox.removeWebhook)),
    disableWebhook: transaction(subscribing(outbox.disableWebhook)),
    settleDeliveries: transaction(outbox.settleDeliveries),
    replay: transaction(outbox.replay),
    forgetDelivered: transaction(outbox.forgetDelivered),
  }
}

const another = (site: number): Due => ({ site, events: [], refold: true })
const together = (a: Receipt, b: Receipt): Receipt => ({
  stored: a.stored + b.stored,
  duplicate: a.duplicate + b.duplicate,
  quarantined: a.quarantined + b.quarantined,
  erased: [...(a.erased ?? []), ...(b.erased ?? [])],
})
const nothingNew = (site: number): Due => ({ site, events: [], refold: false })

function dueFor(touched: Map<string, Due>, site: number, person: string): Due {
  const found = touched.get(person)
  if (found) return found
  const fresh = nothingNew(site)
  touched.set(person, fresh)
  return fresh
}
