import { LRUCache } from 'lru-cache'
import type { Instant } from '../../../shared/instant.ts'
import type { Outlook } from '../../../shared/news.ts'
import type { Standing, Verdict } from '../../../shared/person.ts'
import type { Reached } from '../../../shared/stage.ts'
import { nextLook } from './next-look.ts'
import type { Connection } from './open.ts'
import type { ProfilingStopBook } from './profiling-stops.ts'

/** In the order in which they are saved. */
const COLUMNS = [
  'id',
  'site_id',
  'model',
  'due_at',
  'stage_since',
  'first_seen',
  'candidate_since',
  'grade',
  'labels',
  'stage',
  'recycled_at',
  'profiling_stopped',
  'is_behind',
  'scored_at',
  'score',
  'engagement',
  'fit',
  'email',
  'name',
  'company',
  'traits',
  'first_touch',
  'last_touch',
  'last_seen',
  'visits',
  'engaged_ms',
  'cools_at',
  'top_reasons',
]
/** The first ones never change, or seldom: they are written by themselves, so that no event has to touch their indexes. */
const SELDOM = 9

/** Bytes that may be remembered of persons: of some 5,000, at 2 to 5 KB each. */
const REMEMBERED = 16 * 1024 * 1024
/** What is remembered of a person besides the fold, and what a fold takes in memory for each byte of its text. */
const BESIDES = 500
const UNFOLDED = 3

/** How often somebody is saved without their fold, while it is remembered: to write it takes longer than to judge. */
const SPARED = 15

/** When whoever has history that was never judged is due: before anybody else. */
export const POSTPONED: Instant = 0
/** When somebody is due whose long history is left to `refold`. */
export const LEFT: Instant = 1

/** A standing as it is kept. */
export interface Kept extends Standing, Outlook {
  /** The version that judged last; `null` for somebody new. */
  model: number | null
  dueAt: Instant | null
  firstSeen: Instant | null
  candidateSince: Instant | null
  grade: string
  /** Whether the log has events that the fold has not. */
  isBehind: boolean
}

interface Remembered extends Kept {
  /** How often it may still be saved without its fold. */
  spared: number
  /** Length of the fold's text when it was last written. */
  length: number
}

/** Of whom nothing is kept yet. */
const NOBODY: Remembered = {
  stage: 'visitor',
  stageSince: null,
  fold: null,
  model: null,
  dueAt: null,
  firstSeen: null,
  grade: '',
  labels: [],
  candidateSince: null,
  coolsAt: null,
  isBehind: false,
  spared: 0,
  length: 0,
}

/** What persons have come to. Every method runs inside the caller's transaction. */
export function personBook(
  connection: Connection,
  stops: Pick<ProfilingStopBook, 'of'>,
  onReset: (person: string) => void = () => {},
) {
  const find = connection.prepare(
    `SELECT stage, stage_since AS stageSince, recycled_at AS recycledAt, profiling_stopped AS profilingStopped,
       (SELECT fold FROM folds WHERE person_id = persons.id) AS fold, is_behind AS isBehind, model,
       due_at AS dueAt, first_seen AS firstSeen, grade, labels, candidate_since AS candidateSince, cools_at AS coolsAt
     FROM persons WHERE site_id = ? AND id = ?`,
  )
  const upsert = connection.prepare(
    `INSERT INTO persons (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${COLUMNS.slice(SELDOM)
       .map(name => `${name} = excluded.${name}`)
       .join(', ')}`,
  )
  const saveSeldom = connection.prepare(
    `UPDATE persons SET model = ?, due_at = ?, stage_since = ?, first_seen = ?, candidate_since = ?, grade = ?, labels = ?
     WHERE id = ?`,
  )
  const reset = connection.prepare(
    'UPDATE persons SET stage = ?, stage_since = ?, recycled_at = ?, profiling_stopped = ? WHERE id = ?',
  )
  const asked = connection.prepare('UPDATE persons SET candidate_since = ? WHERE id = ?')
  const postpone = connection.prepare(
    `INSERT INTO persons (id, site_id, model, due_at, scored_at, stage, score, engagement, fit, grade, traits, visits,
       engaged_ms, top_reasons)
     VALUES (?, ?, ?, ${POSTPONED}, ?, 'visitor', 0, 0, 0, '', '{}', 0, 0, '[]')
     ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, scored_at = excluded.scored_at`,
  )
  const leave = connection.prepare(`UPDATE persons SET due_at = ${LEFT} WHERE id = ?`)
  const left = connection.prepare(`SELECT site_id AS site, id FROM persons WHERE due_at = ${LEFT} LIMIT 1`)
  const remove = connection.prepare('DELETE FROM persons WHERE id = ?')
  const saveFold = connection.prepare(
    `INSERT INTO folds (person_id, site_id, fold) VALUES (?, ?, ?)
     ON CONFLICT (person_id) DO UPDATE SET fold = excluded.fold`,
  )
  const dropFold = connection.prepare('DELETE FROM folds WHERE person_id = ?')
  /** Standings as they were last saved, so that a busy person is not read and parsed again for every event. */
  const standings = new LRUCache<string, Remembered>({
    maxSize: REMEMBERED,
    sizeCalculation: ({ length }) => BESIDES + UNFOLDED * length,
  })

  const standingOf = (site: number, person: string): Remembered => {
    const known = standings.get(person)
    if (known) return known
    const row = find.get(site, person) as KeptRow | undefined
    const kept: Remembered = row
      ? {
          ...row,
          profilingStopped: parsed(row.profilingStopped),
          labels: parsed(row.labels),
          fold: parsed(row.fold),
          isBehind: row.isBehind === 1,
          spared: 0,
          length: row.fold?.length ?? 0,
        }
      : NOBODY
    standings.set(person, kept)
    return kept
  }

  return {
    /** Of somebody who is behind, the fold lacks what the log has after it. */
    standingOf: (site: number, person: string): Kept => standingOf(site, person),

    exists: (site: number, person: string): boolean => find.get(site, person) !== undefined,

    /** The person stands elsewhere, or is made of others than before: whoever judges next begins anew. */
    reset(site: number, person: string, { stage, stageSince, recycledAt = null }: Reached): void {
      const profilingStopped = stops.of(site, person)
      const before = standingOf(site, person)
      standings.set(person, { ...before, stage, stageSince, recycledAt, profilingStopped, fold: null })
      reset.run(stage, stageSince, recycledAt, profilingStopped && JSON.stringify(profilingStopped), person)
      dropFold.run(person)
      onReset(person)
    },

    /** To be judged anew by `refold`, when there is time; until then they stay as they are shown. */
    leave(site: number, person: string): void {
      const before = standingOf(site, person)
      if (before.dueAt === LEFT && before.fold === null) return
      standings.set(person, { ...before, fold: null, dueAt: LEFT })
      leave.run(person)
      dropFold.run(person)
    },

    /** One of those who are left. */
    left: (): { site: number; id: string } | null => (left.get() as { site: number; id: string } | undefined) ?? null,

    dueAt: (site: number, person: string): Instant | null => standingOf(site, person).dueAt,

    /** Asked for sales as somebody else, who turned out to be this person: it is no news. */
    asked(site: number, person: string, candidateSince: Instant): void {
      standings.set(person, { ...standingOf(site, person), candidateSince })
      asked.run(candidateSince, person)
    },

    /** History came in that is to be judged later, as of `asOf` (0: as of then); `model` is the live version. */
    postpone(site: number, person: string, model: number, asOf: Instant = 0): void {
      if (standingOf(site, person).dueAt === POSTPONED) return
      postpone.run(person, site, model, asOf)
      dropFold.run(person)
      standings.delete(person)
      onReset(person)
    },

    remove(person: string): void {
      remove.run(person)
      dropFold.run(person)
      standings.delete(person)
      onReset(person)
    },

    /** A fold is written unless it `goesOn` from the one before: then with every change of stage, and now and then. */
    save(
      site: number,
      id: string,
      { standing, profile }: Verdict,
      model: number,
      scoredAt: Instant,
      goesOn = false,
    ): void {
      const before = standingOf(site, id)
      const dueAt = nextLook(id, profile, scoredAt)
      const { traits, firstTouch, lastTouch, topReasons, labels, firstSeen, candidateSince, coolsAt } = profile
      const { stageSince } = standing
      const { grade } = profile
      const labelled = JSON.stringify(labels)
      const isSpared =
        goesOn &&
        before.spared > 0 &&
        before.stage === standing.stage &&
        before.stageSince === stageSince &&
        before.candidateSince === candidateSince
      const fold = isSpared ? null : JSON.stringify(standing.fold)
      const [spared, length] = fold === null ? [before.spared - 1, before.length] : [SPARED, fold.length]
      const outlook = { dueAt, grade, labels, firstSeen, candidateSince, coolsAt }
      standings.set(id, { ...standing, model, ...outlook, isBehind: false, spared, length })
      upsert.run(
        id,
        site,
        model,
        dueAt,
        stageSince,
        firstSeen,
        candidateSince,
        grade,
        labelled,
        standing.stage,
        standing.recycledAt ?? null,
        standing.profilingStopped ? JSON.stringify(standing.profilingStopped) : null,
        fold === null ? 1 : 0,
        scoredAt,
        profile.score,
        profile.engagement,
        profile.fit,
        textTrait(traits['email']?.value),
        textTrait(traits['name']?.value),
        textTrait(traits['company']?.value),
        JSON.stringify(traits),
        firstTouch && JSON.stringify(firstTouch),
        lastTouch && JSON.stringify(lastTouch),
        profile.lastSeen,
        profile.visits,
        profile.engagedMs,
        profile.coolsAt,
        JSON.stringify(topReasons),
      )
      if (fold !== null) saveFold.run(id, site, fold)
      const isChanged =
        before.model !== model ||
        before.dueAt !== dueAt ||
        before.stageSince !== stageSince ||
        before.firstSeen !== firstSeen ||
        before.candidateSince !== candidateSince ||
        before.grade !== grade ||
        JSON.stringify(before.labels) !== labelled
      if (before.model !== null && isChanged)
        saveSeldom.run(model, dueAt, stageSince, firstSeen, candidateSince, grade, labelled, id)
    },

    forget: () => standings.clear(),
  }
}

export type PersonBook = ReturnType<typeof personBook>

type KeptRow = Omit<Kept, 'fold' | 'isBehind' | 'profilingStopped' | 'labels'> & {
  fold: string | null
  isBehind: 0 | 1
  profilingStopped: string | null
  labels: string
}

/** The JSON of a column; `null` of none. */
export const parsed = (text: string | null) => (text === null ? null : JSON.parse(text))

const textTrait = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
