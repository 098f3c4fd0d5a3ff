import { joined, type Reached } from '../../../shared/stage.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import type { Connection } from './open.ts'
import { toBytes } from './uuid.ts'

/** Who said that two persons are one. */
export interface Merging {
  actor: string
  at: number
  event: string | null
}

/** What two persons had reached by themselves. */
interface Floors {
  from: Reached
  into: Reached
}

/**
 * Which persons are one. A merge moves nothing but the former ids: whatever was made for an id keeps it, and belongs to
 * whom the id resolves to. So each merge is one edge of a tree, and taking an edge away leaves both halves as they were,
 * in whatever order edges come and go. Every method runs inside the caller's transaction.
 */
export function mergeBook(connection: Connection) {
  const root = connection.prepare('SELECT person_id FROM former_ids WHERE site_id = ? AND former_id = ?').pluck()
  const add = connection.prepare(
    `INSERT INTO merges (site_id, from_id, into_id, at, actor, event, from_stage, from_since, from_recycled,
       into_stage, into_since, into_recycled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const resolveTo = connection.prepare(
    'UPDATE former_ids SET person_id = @into WHERE site_id = @site AND person_id = @from',
  )
  const addFormer = connection.prepare(
    'INSERT INTO former_ids (site_id, former_id, person_id) VALUES (@site, @from, @into)',
  )
  const dropFormer = connection.prepare('DELETE FROM former_ids WHERE site_id = ? AND former_id = ?')
  const active = `FROM merges WHERE site_id = @site AND undone_at IS NULL`
  const floor = connection.prepare(
    `SELECT from_stage AS stage, from_since AS stageSince, from_recycled AS recycledAt ${active} AND from_id = @id
     UNION ALL SELECT into_stage, into_since, into_recycled ${active} AND into_id = @id LIMIT 1`,
  )
  const raise = connection.prepare(
    `UPDATE merges SET into_stage = ?, into_since = ?, into_recycled = ? WHERE site_id = ? AND into_id = ? AND undone_at IS NULL`,
  )
  const forget = connection.prepare(
    `UPDATE merges SET from_stage = 'visitor', from_since = NULL, from_recycled = NULL,
       into_stage = 'visitor', into_since = NULL, into_recycled = NULL
     WHERE site_id = @site AND undone_at IS NULL AND into_id IN ${IDS_OF_PERSON}`,
  )
  const undo = connection.prepare(
    `UPDATE merges SET undone_at = ?, undone_by = ? WHERE site_id = ? AND from_id = ? AND undone_at IS NULL`,
  )
  // CROSS keeps SQLite from going through all merges of the site for each one found.
  const branch = connection
    .prepare(
      `WITH RECURSIVE branch(id) AS (SELECT @id UNION
         SELECT m.from_id FROM branch b CROSS JOIN merges m ON m.into_id = b.id
         WHERE m.site_id = @site AND m.undone_at IS NULL)
       SELECT id FROM branch`,
    )
    .pluck()
  const claim = connection.prepare('UPDATE former_ids SET person_id = ? WHERE site_id = ? AND former_id = ?')
  const between = (a: string, b: string) =>
    `EXISTS (SELECT 1 FROM merges WHERE site_id = @site AND undone_at IS NOT NULL
       AND from_id IN ${a} AND into_id IN ${b})`
  const idsOf = (name: string) => IDS_OF_PERSON.replaceAll('@person', name)
  const parted = connection
    .prepare(`SELECT ${between(idsOf('@a'), idsOf('@b'))} OR ${between(idsOf('@b'), idsOf('@a'))}`)
    .pluck()

  /** What an id had reached by itself, before it was joined with any that it is still joined with. */
  const floorOf = (site: number, id: string, present: Reached): Reached =>
    (floor.get({ site, id }) as Reached | undefined) ?? present

  const write = (site: number, from: string, into: string, { at, actor, event }: Merging, floors: Floors): void =>
    void add.run(
      site,
      from,
      into,
      at,
      actor,
      event === null ? null : toBytes(event),
      floors.from.stage,
      floors.from.stageSince,
      floors.from.recycledAt ?? null,
      floors.into.stage,
      floors.into.stageSince,
      floors.into.recycledAt ?? null,
    )

  return {
    /** Whose an id is now. */
    rootOf: (site: number, id: string): string => (root.get(site, id) as string | undefined) ?? id,

    /** One person, `into`, who has come as far as both. */
    join(site: number, from: string, into: string, merging: Merging, present: Floors): Reached {
      write(site, from, into, merging, {
        from: floorOf(site, from, present.from),
        into: floorOf(site, into, present.into),
      })
      resolveTo.run({ site, from, into })
      addFormer.run({ site, from, into })
      return joined(present.from, present.into)
    },

    /** Takes the merge of a former id back. What each half had reached: the one that left, the one that stays. */
    part(site: number, id: string, stays: string, at: number, by: string): { left: Reached; stayed: Reached } {
      const leaving = branch.all({ site, id }) as string[]
      const staying = (branch.all({ site, id: stays }) as string[]).filter(other => !leaving.includes(other))
      const floorsOf = (ids: string[]): Reached =>
        ids.map(one => floorOf(site, one, NOTHING)).reduce((a, b) => joined(a, b), NOTHING)
      const halves = { left: floorsOf(leaving), stayed: floorsOf(staying) }
      undo.run(at, by, site, id)
      dropFormer.run(site, id)
      for (const former of leaving) if (former !== id) claim.run(id, site, former)
      return halves
    },

    /** Remembers that two persons are not one, though nothing had joined them but a browser. */
    keepApart(site: number, left: string, stayed: string, at: number, by: string): void {
      write(site, left, stayed, { at, actor: by, event: null }, { from: NOTHING, into: NOTHING })
      undo.run(at, by, site, left)
    },

    /** Whether somebody has said that two persons are not one. */
    parted: (site: number, a: string, b: string): boolean => parted.get({ site, a, b }) === 1,

    /** A decision about a person outlives the parting of those who were joined with them. */
    decide: (site: number, person: string, { stage, stageSince, recycledAt }: Reached): void =>
      void raise.run(stage, stageSince, recycledAt ?? null, site, person),

    /** What those who are joined had reached by themselves rests on a history that they have no longer. */
    forgetFloors: (site: number, person: string): void => void forget.run({ site, person }),
  }
}

export type MergeBook = ReturnType<typeof mergeBook>

const NOTHING: Reached = { stage: 'visitor', stageSince: null }
