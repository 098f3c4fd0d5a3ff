import { LRUCache } from 'lru-cache'
import { facetsOf, TOUCH_FACETS, type Facet } from '../../../shared/facet.ts'
import { DAY, HOUR, type Duration, type Instant } from '../../../shared/instant.ts'
import { milestones, STEPS, type Milestones } from '../../../shared/milestone.ts'
import type { Stage, Transition } from '../../../shared/stage.ts'
import type { Touch } from '../../../shared/touch.ts'
import { EVENT_COLUMNS, EVENT_TABLES, OF_PERSON, readEvent } from './events.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import type { Connection } from './open.ts'

/** Nothing new but the stage: later than any event. */
export const NO_EVENTS: Instant = 8_640_000_000_000_000
/** The whole history is another one. */
export const WHOLE: Instant = 0

/** The site itself, as something that everybody comes in touch with. */
export const SITE = ''
type Kind = Facet | typeof SITE

/** How long a tally covers: the days of most time zones begin with an hour of UTC, so the site itself is told by these. */
export const tallySpan = (kind: Kind): Duration => (kind === SITE ? HOUR : DAY)

interface Contact {
  facetId: number
  kind: Kind
  value: string
  at: Instant
  first: number
}

interface Unfolded {
  site: number
  person: string
  since: Instant
}

interface Standing {
  stage: Stage
  since: Instant | null
  firstSeen: Instant | null
  firstTouch: string | null
  email: string | null
  name: string | null
  company: string | null
}

type Journey = { id: number } & Milestones

/** Marked persons that are remembered, so that a busy one is marked once. */
const REMEMBERED = 20_000

/**
 * What reports count, as a function of the log and of nothing else: a person's journey and contacts are worked out again
 * from what is new, and the tallies change by the difference. So it does not matter how often, when, or in what order
 * persons are folded. Every method runs inside the caller's transaction.
 */
export function folder(connection: Connection) {
  const mark = connection.prepare(
    `INSERT INTO unfolded (site_id, person_id, since) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET since = min(since, excluded.since)`,
  )
  const next = connection.prepare('SELECT site_id AS site, person_id AS person, since FROM unfolded LIMIT ?')
  const unmark = connection.prepare('DELETE FROM unfolded WHERE site_id = ? AND person_id = ?')

  const standing = connection.prepare(
    `SELECT stage, ifnull(stage_since, first_seen) AS since, first_seen AS firstSeen, first_touch AS firstTouch,
       email, name, company
     FROM persons WHERE site_id = ? AND id = ?`,
  )
  const transitions = connection.prepare(
    `SELECT "from", "to", cause, effective_at AS effectiveAt FROM transitions
     WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} ORDER BY id`,
  )
  const events = connection.prepare(
    `SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES} WHERE ${OF_PERSON} AND e.at >= @since`,
  )

  const journeyOf = connection.prepare(
    `SELECT id, ${STEPS.join(', ')} FROM journeys WHERE site_id = ? AND person_id = ?`,
  )
  const saveJourney = connection
    .prepare(
      `INSERT INTO journeys (site_id, person_id, first_at, ${STEPS.join(', ')}) VALUES (?, ?, ?, ${STEPS.map(() => '?').join(', ')})
       ON CONFLICT (site_id, person_id) DO UPDATE SET first_at = excluded.first_at, ${STEPS.map(step => `${step} = excluded.${step}`).join(', ')}
       RETURNING id`,
    )
    .pluck()
  const dropJourney = connection.prepare('DELETE FROM journeys WHERE id = ?')

  const contactsOf = connection.prepare(
    `SELECT c.facet_id AS facetId, f.kind, f.value, c.at, c.first FROM contacts c JOIN facets f ON f.id = c.facet_id
     WHERE c.journey_id = ?`,
  )
  const saveContact = connection.prepare('INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?, ?)')
  const dropContact = connection.prepare('DELETE FROM contacts WHERE journey_id = ? AND facet_id = ?')
  const count = connection.prepare(
    `INSERT INTO tallies VALUES (?, ?, ?, ?, ${STEPS.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${['people', ...STEPS].map(name => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  )
  const facetIds = facetBook(connection)
  const search = searchBook(connection)
  const marked = new LRUCache<string, Instant>({ max: REMEMBERED })

  /** By id of the facet, with the kind's first one marked. */
  function contactsFrom(
    { site, person, since }: Unfolded,
    { firstSeen, firstTouch }: Standing,
    before: Map<number, Contact>,
  ): Map<number, Contact> {
    const found = new Map<number, Contact>()
    const meet = (kind: Kind, value: string, at: Instant): void => {
      const facetId = facetIds.of(site, kind, value)
      const known = found.get(facetId)
      if (!known || at < known.at) found.set(facetId, { facetId, kind, value, at, first: 0 })
    }
    const direct = facetIds.of(site, 'source', DIRECT)
    if (since > WHOLE) {
      for (const [id, contact] of before)
        if (contact.kind !== SITE && id !== direct) found.set(id, { ...contact, first: 0 })
    }
    if (since < NO_EVENTS) {
      for (const row of events.all({ site, person, since })) {
        const event = readEvent(row)
        for (const [kind, value] of facetsOf(event)) meet(kind, value, event.at)
      }
    }
    if (firstSeen !== null) meet(SITE, '', firstSeen)
    const touch = firstTouch === null ? null : (JSON.parse(firstTouch) as Touch)
    if (touch?.source === DIRECT) meet('source', DIRECT, touch.at)
    markFirst(found)
    return found
  }

  function drop({ id, ...had }: Journey): void {
    for (const contact of contactsOf.all(id) as Contact[]) {
      tally(contact, had, -1)
      dropContact.run(id, contact.facetId)
    }
    search.set(id, NO_WORDS)
    dropJourney.run(id)
  }

  function tally(contact: Contact, reached: Milestones, sign: 1 | -1): void {
    const span = tallySpan(contact.kind)
    const steps = STEPS.map(step => (hasReached(contact, reached[step]) ? sign : 0))
    count.run(contact.facetId, Math.floor(contact.at / span) * span, contact.first, sign, ...steps)
  }

  function foldOne(unfolded: Unfolded): void {
    const { site, person } = unfolded
    const journey = journeyOf.get(site, person) as Journey | undefined
    const now = standing.get(site, person) as Standing | undefined
    if (!now) return journey && drop(journey)
    const before = new Map(
      journey ? (contactsOf.all(journey.id) as Contact[]).map(contact => [contact.facetId, contact]) : [],
    )
    const had: Milestones = journey ?? NOTHING
    const has = milestones(transitions.all({ site, person }) as Transition[], now)
    const after = contactsFrom(journey ? unfolded : { ...unfolded, since: WHOLE }, now, before)
    const id = saveJourney.get(site, person, now.firstSeen, ...STEPS.map(step => has[step])) as number
    search.set(id, now)
    const isSame = STEPS.every(step => had[step] === has[step])
    for (const facetId of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(facetId), after.get(facetId)]
      if (isSame && was && is && was.at === is.at && was.first === is.first) continue
      if (was) tally(was, had, -1)
      if (is) tally(is, has, 1)
      if (is)
        saveContact.run(id, facetId, is.at, is.first, hasReached(is, has.mql) ? Math.max(0, has.mql! - is.at) : null)
      else dropContact.run(id, facetId)
    }
  }

  return {
    /** Says that a person has something new: events from `since` on. */
    mark(site: number, person: string, since: Instant): void {
      const key = `${site} ${person}`
      if ((marked.get(key) ?? Infinity) <= since) return
      marked.set(key, since)
      mark.run(site, person, since)
    },

    /** Takes up to `limit` persons of whom something is new; how many there were. */
    fold(limit: number): number {
      const found = next.all(limit) as Unfolded[]
      for (const unfolded of found) {
        foldOne(unfolded)
        unmark.run(unfolded.site, unfolded.person)
      }
      marked.clear()
      return found.length
    },

    /** A person is gone, and with them what reports counted of them. */
    remove(site: number, person: string): void {
      foldOne({ site, person, since: WHOLE })
      unmark.run(site, person)
    },

    forget(): void {
      marked.clear()
      facetIds.forget()
    },
  }
}

export type Folder = ReturnType<typeof folder>

const DIRECT = '(direct)'

const NOTHING = Object.fromEntries(STEPS.map(step => [step, null])) as Milestones

/** At the contact or after it; whatever the site itself has seen came after the first event. */
const hasReached = ({ kind, at }: Contact, step: Instant | null): boolean =>
  step !== null && (step >= at || kind === SITE)

/** Of each kind the earliest; of the ways to the site those of the first visit. Of several at once the first by name. */
function markFirst(found: Map<number, Contact>): void {
  const earliest = new Map<Kind, Contact>()
  for (const contact of found.values()) {
    const known = earliest.get(contact.kind)
    if (!known || contact.at < known.at || (contact.at === known.at && contact.value < known.value))
      earliest.set(contact.kind, contact)
  }
  const visit = earliest.get('source')?.at
  for (const [kind, contact] of earliest) {
    if (!(TOUCH_FACETS as Kind[]).includes(kind) || contact.at === visit) contact.first = 1
  }
}

type Words = Pick<Standing, 'email' | 'name' | 'company'>
const NO_WORDS: Words = { email: null, name: null, company: null }

/** The words that people are found by. */
function searchBook(connection: Connection) {
  const find = connection.prepare('SELECT email, name, company FROM search WHERE rowid = ?')
  const add = connection.prepare('INSERT INTO search (rowid, email, name, company) VALUES (?, ?, ?, ?)')
  const drop = connection.prepare('DELETE FROM search WHERE rowid = ?')
  return {
    set(id: number, { email, name, company }: Words): void {
      const known = find.get(id) as Words | undefined
      const { email: was, name: called, company: worked } = known ?? NO_WORDS
      if (email === was && name === called && company === worked) return
      if (known) drop.run(id)
      if (email !== null || name !== null || company !== null) add.run(id, email, name, company)
    },
  }
}

/** Ids of facets, which are asked for over and over. */
function facetBook(connection: Connection) {
  const add = connection.prepare('INSERT INTO facets (site_id, kind, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const find = connection.prepare('SELECT id FROM facets WHERE site_id = ? AND kind = ? AND value = ?').pluck()
  const known = new LRUCache<string, number>({ max: 5_000 })
  return {
    of(site: number, kind: Kind, value: string): number {
      const key = `${site} ${kind} ${value}`
      const remembered = known.get(key)
      if (remembered !== undefined) return remembered
      add.run(site, kind, value)
      const id = find.get(site, kind, value) as number
      known.set(key, id)
      return id
    },
    forget: () => known.clear(),
  }
}
