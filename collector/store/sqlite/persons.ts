import { LRUCache } from 'lru-cache'
import type { Identifier } from '../../../shared/identity.ts'
import { isFurther } from '../../../shared/stage.ts'
import type { Standing, Verdict } from '../../../shared/person.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Connection } from './open.ts'

/** A browser and whose it is. */
export interface Visitor {
  id: number
  person: string
}

/** In the order in which they are saved; the first two never change. */
const COLUMNS = [
  'id',
  'site_id',
  'stage',
  'stage_since',
  'fold',
  'model',
  'scored_at',
  'score',
  'engagement',
  'fit',
  'grade',
  'email',
  'name',
  'company',
  'traits',
  'first_touch',
  'last_touch',
  'first_seen',
  'last_seen',
  'visits',
  'engaged_ms',
  'cools_at',
  'top_reasons',
]

/** Persons whose standing is kept in memory: some 2 KB each. */
const REMEMBERED = 10_000

/** Persons: one or more visitors believed to be one human. Every method runs inside the caller's transaction. */
export function personBook(connection: Connection, newId: () => string) {
  const findVisitor = connection.prepare(
    'SELECT id, person_id AS person FROM visitors WHERE site_id = ? AND visitor = ? AND current = 1',
  )
  const addVisitor = connection.prepare(
    'INSERT INTO visitors (site_id, visitor, person_id, current) VALUES (?, ?, ?, 1)',
  )
  const owner = connection
    .prepare('SELECT person_id FROM identifiers WHERE site_id = ? AND kind = ? AND value = ?')
    .pluck()
  const ownKinds = connection.prepare('SELECT kind FROM identifiers WHERE site_id = ? AND person_id = ?').pluck()
  const attach = connection.prepare('INSERT INTO identifiers (site_id, kind, value, person_id) VALUES (?, ?, ?, ?)')
  const retire = connection.prepare('UPDATE visitors SET current = 0 WHERE site_id = ? AND visitor = ? AND current = 1')
  const reuse = connection.prepare(
    'UPDATE visitors SET current = 1 WHERE site_id = ? AND visitor = ? AND person_id = ? RETURNING id, person_id AS person',
  )
  const findStanding = connection.prepare(
    'SELECT stage, stage_since AS stageSince, fold FROM persons WHERE site_id = ? AND id = ?',
  )
  const merging = [
    'UPDATE visitors SET person_id = @to WHERE site_id = @site AND person_id = @from',
    'UPDATE transitions SET person_id = @to WHERE site_id = @site AND person_id = @from',
    'UPDATE former_ids SET person_id = @to WHERE site_id = @site AND person_id = @from',
    'INSERT INTO former_ids (site_id, former_id, person_id) VALUES (@site, @from, @to)',
    'DELETE FROM persons WHERE site_id = @site AND id = @from',
  ].map(sql => connection.prepare(sql))
  const saveStage = connection.prepare(
    'UPDATE persons SET stage = ?, stage_since = ?, fold = NULL WHERE site_id = ? AND id = ?',
  )
  const save = connection.prepare(
    `INSERT INTO persons (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${COLUMNS.slice(2)
       .map(name => `${name} = excluded.${name}`)
       .join(', ')}`,
  )
  /** Standings as they were last saved, so that a busy person is not read and parsed again for every event. */
  const standings = new LRUCache<string, Standing>({ max: REMEMBERED })

  const visitorOf = (site: number, visitor: string): Visitor => {
    const found = findVisitor.get(site, visitor) as Visitor | undefined
    return found ?? newVisitor(site, visitor, newId())
  }

  const newVisitor = (site: number, visitor: string, person: string): Visitor => ({
    id: Number(addVisitor.run(site, visitor, person).lastInsertRowid),
    person,
  })

  const standingOf = (site: number, person: string): Standing => {
    const known = standings.get(person)
    if (known) return known
    const row = findStanding.get(site, person) as (Omit<Standing, 'fold'> & { fold: string | null }) | undefined
    if (!row) return { stage: 'visitor', stageSince: null, fold: null }
    return { ...row, fold: row.fold === null ? null : JSON.parse(row.fold) }
  }

  /**
   * Whom the claims are about: the owner of the strongest one, else an owner of another that lacks that kind, else the
   * visitor's present person unless known by another of that kind, else (`null`) somebody new.
   */
  const whoIs = (site: number, present: string, [first, ...rest]: readonly Identifier[]): string | null => {
    if (!first) return present
    const ownerOf = ({ kind, value }: Identifier) => (owner.get(site, kind, value) as string | undefined) ?? null
    const lacks = (person: string) => !ownKinds.all(site, person).includes(first.kind)
    const strongest = ownerOf(first)
    if (strongest !== null) return strongest
    const other = rest.map(ownerOf).find(person => person !== null && lacks(person))
    return other ?? (lacks(present) ? present : null)
  }

  /** The same browser in the hands of another person: two known people are never merged because they share one. */
  const handOver = (site: number, visitor: string, person: string): Visitor => {
    retire.run(site, visitor)
    return (reuse.get(site, visitor, person) as Visitor | undefined) ?? newVisitor(site, visitor, person)
  }

  const merge = (site: number, from: string, to: string): void => {
    const joining = standingOf(site, from)
    const staying = standingOf(site, to)
    const { stage, stageSince } = isFurther(joining.stage, staying.stage) ? joining : staying
    for (const statement of merging) statement.run({ site, from, to })
    saveStage.run(stage, stageSince, site, to)
    standings.delete(from)
    standings.delete(to)
  }

  return {
    visitorOf,
    standingOf,

    /** Joins a visitor to whom an event says they are. `merged` names the anonymous person that was absorbed. */
    identify(
      site: number,
      name: string,
      visitor: Visitor,
      claimed: readonly Identifier[],
    ): Visitor & { merged?: string } {
      const person = whoIs(site, visitor.person, claimed) ?? newId()
      let now: Visitor & { merged?: string } = visitor
      if (person !== visitor.person) {
        if (ownKinds.all(site, visitor.person).length === 0) {
          merge(site, visitor.person, person)
          now = { id: visitor.id, person, merged: visitor.person }
        } else now = handOver(site, name, person)
      }
      const held = new Set(ownKinds.all(site, person))
      for (const { kind, value } of claimed) {
        if (!held.has(kind) && owner.get(site, kind, value) === undefined) attach.run(site, kind, value, person)
      }
      return now
    },

    save(site: number, id: string, { standing, profile }: Verdict, model: number, scoredAt: Instant): void {
      standings.set(id, standing)
      const { traits, firstTouch, lastTouch, topReasons } = profile
      save.run(
        id,
        site,
        standing.stage,
        standing.stageSince,
        JSON.stringify(standing.fold),
        model,
        scoredAt,
        profile.score,
        profile.engagement,
        profile.fit,
        profile.grade,
        textTrait(traits['email']?.value),
        textTrait(traits['name']?.value),
        textTrait(traits['company']?.value),
        JSON.stringify(traits),
        firstTouch && JSON.stringify(firstTouch),
        lastTouch && JSON.stringify(lastTouch),
        profile.firstSeen,
        profile.lastSeen,
        profile.visits,
        profile.engagedMs,
        profile.coolsAt,
        JSON.stringify(topReasons),
      )
    },

    forget: () => standings.clear(),
  }
}

const textTrait = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
