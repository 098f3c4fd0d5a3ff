import type { Identifier } from '../../../shared/identity.ts'
import { IDS_OF_PERSON, presentOwner } from './former-ids.ts'
import type { MergeBook } from './merges.ts'
import type { Connection } from './open.ts'

/** A browser and whose it is. */
export interface Visitor {
  id: number
  /** The id that it was made for: what it brings belongs to that id, whoever has it. */
  own: string
  /** Whose that id is now. */
  person: string
}

/** What an event's claims ask for: that its visitor's person is joined into another. */
export interface Joining {
  from: string
  into: string
}

/** Who uses a browser, and what makes people known. Every method runs inside the caller's transaction. */
export function identityBook(connection: Connection, merges: MergeBook, newId: () => string) {
  const columns = `SELECT v.id, v.person_id AS own, ${presentOwner('v')} AS person FROM visitors v`
  const present = connection.prepare(`${columns} WHERE v.site_id = ? AND v.visitor = ? AND v.current = 1`)
  const every = connection.prepare(`${columns} WHERE v.site_id = ? AND v.visitor = ? ORDER BY v.current DESC, v.id`)
  const add = connection.prepare('INSERT INTO visitors (site_id, visitor, person_id, current) VALUES (?, ?, ?, 1)')
  const retire = connection.prepare('UPDATE visitors SET current = 0 WHERE site_id = ? AND visitor = ? AND current = 1')
  const reuse = connection.prepare('UPDATE visitors SET current = 1 WHERE id = ?')
  const others = connection
    .prepare(
      `SELECT count(*) FROM visitors WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} AND visitor <> @name`,
    )
    .pluck()
  const give = connection.prepare('UPDATE visitors SET person_id = ? WHERE id = ?')

  const owner = connection
    .prepare(`SELECT ${presentOwner('i')} FROM identifiers i WHERE i.site_id = ? AND i.kind = ? AND i.value = ?`)
    .pluck()
  // Without DISTINCT, for which SQLite would go through all of the site's.
  const kinds = connection
    .prepare(`SELECT kind FROM identifiers WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON}`)
    .pluck()
  const attach = connection.prepare('INSERT INTO identifiers (site_id, kind, value, person_id) VALUES (?, ?, ?, ?)')

  const newVisitor = (site: number, name: string, person: string): Visitor => ({
    id: Number(add.run(site, name, person).lastInsertRowid),
    own: person,
    person,
  })

  const visitorsOf = (site: number, name: string): Visitor[] => every.all(site, name) as Visitor[]
  const kindsOf = (site: number, person: string): unknown[] => kinds.all({ site, person })
  const isKnown = (site: number, person: string): boolean => kindsOf(site, person).length > 0

  /**
   * Whom the claims are about: the owner of the strongest one, else an owner of another that lacks that kind, else the
   * visitor's present person unless known by another of that kind, else (`null`) somebody new.
   */
  const whoIs = (site: number, now: string, [first, ...rest]: readonly Identifier[]): string | null => {
    if (!first) return now
    const ownerOf = ({ kind, value }: Identifier) => (owner.get(site, kind, value) as string | undefined) ?? null
    const lacks = (person: string) => !kindsOf(site, person).includes(first.kind)
    const strongest = ownerOf(first)
    if (strongest !== null) return strongest
    const other = rest.map(ownerOf).find(person => person !== null && lacks(person))
    return other ?? (lacks(now) ? now : null)
  }

  /** The same browser in the hands of another person: two known people are never merged because they share one. */
  const handOver = (site: number, name: string, person: string): Visitor => {
    retire.run(site, name)
    const before = visitorsOf(site, name).find(visitor => visitor.person === person)
    if (!before) return newVisitor(site, name, person)
    reuse.run(before.id)
    return before
  }

  return {
    visitorsOf,
    isKnown,

    /** Whose browser it is now; somebody new if nobody used it yet. */
    visitorOf: (site: number, name: string): Visitor =>
      (present.get(site, name) as Visitor | undefined) ?? newVisitor(site, name, newId()),

    /**
     * Whose browser it is after an event has said who uses it, and whom that makes one with whom: an unknown person
     * becomes the one that the event names, unless somebody said that those are two. An `alias` does the same for a known
     * person, who then has both ids.
     */
    identify(
      site: number,
      name: string,
      visitor: Visitor,
      claimed: readonly Identifier[],
      alias = false,
    ): { visitor: Visitor; joining: Joining | null } {
      const person = whoIs(site, visitor.person, claimed) ?? (alias ? visitor.person : newId())
      let now = visitor
      let joining: Joining | null = null
      if (person !== visitor.person) {
        if ((isKnown(site, visitor.person) && !alias) || merges.parted(site, visitor.person, person))
          now = handOver(site, name, person)
        else {
          joining = { from: visitor.person, into: person }
          now = { ...visitor, person }
        }
      }
      const held = new Set(kindsOf(site, person))
      for (const { kind, value } of claimed) {
        if ((alias || !held.has(kind)) && owner.get(site, kind, value) === undefined)
          attach.run(site, kind, value, now.own)
      }
      return { visitor: now, joining }
    },

    /** Gives a browser that others than it remain without to somebody new. `null` when no other browser remains. */
    split(site: number, name: string, { id, person }: Visitor): string | null {
      if (others.get({ site, person, name }) === 0) return null
      const alone = newId()
      give.run(alone, id)
      return alone
    },
  }
}
