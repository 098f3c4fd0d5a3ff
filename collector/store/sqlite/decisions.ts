import type { Mark } from '../../../shared/event.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { ManualScore, ProfilingStop } from '../../../shared/person.ts'
import { Refusal } from '../../../shared/refusal.ts'
import { HAND_OVERS, MOVES, type Cause, type Reached, type Transition } from '../../../shared/stage.ts'
import type { Engine, Move } from '../persons.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import { WHOLE } from './fold.ts'
import type { identityBook } from './identity.ts'
import type { MergeBook, Merging } from './merges.ts'
import type { Connection } from './open.ts'
import type { ProfilingStopBook } from './profiling-stops.ts'
import type { Due, Settler, SettleParts } from './settle.ts'

interface Parts extends SettleParts {
  merges: MergeBook
  identity: ReturnType<typeof identityBook>
  settle: Settler['settle']
  stops: ProfilingStopBook
}

const UNDECIDED: Reached = { stage: 'visitor', stageSince: null }

/** What somebody decides about persons. Every method runs inside the caller's transaction. */
export function decisions(
  connection: Connection,
  { log, persons, models, merges, identity, transitions, reports, settle, stops }: Parts,
) {
  const give = connection.prepare(
    `INSERT INTO manual_scores (site_id, person_id, score, author, reason, at, until) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET score = excluded.score, author = excluded.author, reason = excluded.reason,
       at = excluded.at, until = excluded.until`,
  )
  const takeBack = connection.prepare(
    `DELETE FROM manual_scores WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON}`,
  )

  const find = (site: number, id: string): string => {
    const person = merges.rootOf(site, id)
    if (persons.exists(site, person)) return person
    throw new Refusal('not_found', `There is no lead ${id}.`)
  }

  const join = (site: number, from: string, into: string, merging: Merging): void => {
    const present = { from: persons.standingOf(site, from), into: persons.standingOf(site, into) }
    const reached = merges.join(site, from, into, merging, present)
    persons.remove(from)
    reports.mark(site, from, WHOLE)
    persons.reset(site, into, reached)
    const asked = present.into.candidateSince ?? present.from.candidateSince
    if (asked !== null) persons.asked(site, into, asked)
  }

  /** Judges a person whose history is another one now, from where they stand at least, and notes a change of stage. */
  const regrade = (site: number, id: string, floor: Reached, step: Regrading, now: Instant, engine: Engine): void => {
    const before = persons.standingOf(site, id)
    const from = before.model === null ? floor.stage : before.stage
    persons.reset(site, id, floor)
    const { standing, profile } = settle(id, anew(site), now, engine, 'unsaid')
    if (standing.stage === from) return
    transitions.add(site, id, {
      from,
      to: standing.stage,
      at: now,
      effectiveAt: standing.stageSince ?? now,
      ...step,
      event: null,
      model: models.live(site).version,
      score: profile.score,
      quiet: true,
    })
  }

  /** The same person at the same place, but whether they may be scored has changed. */
  const rebase = (site: number, person: string, now: Instant, engine: Engine): void => {
    persons.reset(site, person, persons.standingOf(site, person))
    settle(person, anew(site), now, engine)
  }

  /** What is left of a person's way when nothing that a machine found is taken for granted, now or when a merge is undone. */
  const decided = (site: number, person: string): Reached => {
    if (transitions.decided(site, person)) return persons.standingOf(site, person)
    merges.forgetFloors(site, person)
    return UNDECIDED
  }

  return {
    find,
    join,

    move(site: number, id: string, { to, reason, note, actor }: Move, now: Instant, engine: Engine): void {
      const person = find(site, id)
      const { standing } = settle(person, { site, events: [], refold: false }, now, engine)
      const from = standing.stage
      if (!MOVES[from].includes(to)) throw new Refusal('conflict', cannot(from, to))
      const { version, document } = models.live(site)
      const until = {
        decisions: transitions.decisions(site, person),
        profilingStopped: standing.profilingStopped ?? null,
      }
      const explanation = engine.explain(document, version, log.walk(site, person), now, until)
      const first: Transition = {
        from,
        to,
        at: now,
        effectiveAt: now,
        actor,
        cause: 'manual',
        event: null,
        model: version,
        score: explanation.score,
        reason: reason ?? null,
        note: note ?? null,
        explanation: HAND_OVERS.includes(to) ? explanation : null,
      }
      const recycledAt = to === 'recycled' ? now : (standing.recycledAt ?? null)
      const reached = { stage: to, stageSince: now, recycledAt }
      persons.reset(site, person, reached)
      merges.decide(site, person, reached)
      settle(person, anew(site), now, engine, { first })
    },

    override(site: number, id: string, given: ManualScore | null): void {
      const person = find(site, id)
      takeBack.run({ site, person })
      if (given) give.run(site, person, given.score, given.author, given.reason, given.at, given.until)
    },

    stopProfiling(site: number, id: string, stop: Stop, now: Instant, engine: Engine): void {
      const person = find(site, id)
      const { reason, actor, saidAt = now } = stop
      stops.add(site, person, { at: now, reason }, saidAt, actor)
      rebase(site, person, now, engine)
    },

    resumeProfiling(site: number, id: string, now: Instant, engine: Engine): void {
      const person = find(site, id)
      stops.lift(site, person)
      rebase(site, person, now, engine)
    },

    merge(site: number, id: string, other: string, actor: string, now: Instant, engine: Engine): string {
      const [one, two] = [find(site, id), find(site, other)]
      if (one === two) return one
      const [into, from] = older(site, one, two)
      join(site, from, into, { actor, at: now, event: null })
      settle(into, anew(site), now, engine, { cause: 'merge' })
      return into
    },

    unmerge(site: number, id: string, leaving: string, actor: string, now: Instant, engine: Engine): string {
      const person = find(site, id)
      const step: Regrading = { actor, cause: 'unmerge' }
      const part = (former: string): string => {
        const { left, stayed } = merges.part(site, former, person, now, actor)
        regrade(site, former, left, step, now, engine)
        regrade(site, person, stayed, step, now, engine)
        return former
      }
      if (leaving === person) throw new Refusal('conflict', `${person} is who stays: name a former id or a visitor.`)
      if (merges.rootOf(site, leaving) === person) return part(leaving)
      const visitor = identity.visitorsOf(site, leaving).find(known => known.person === person)
      if (!visitor) throw new Refusal('conflict', `${leaving} is neither a former id nor a visitor of ${person}.`)
      if (visitor.own !== person) return part(visitor.own)
      const alone = identity.split(site, leaving, visitor)
      if (alone === null) throw new Refusal('conflict', `${leaving} is the only visitor of ${person}.`)
      merges.keepApart(site, alone, person, now, actor)
      regrade(site, alone, UNDECIDED, step, now, engine)
      regrade(site, person, decided(site, person), step, now, engine)
      return alone
    },

    remark(site: number, name: string, mark: Mark | null, now: Instant, engine: Engine): number {
      const visitors = identity.visitorsOf(site, name)
      const changed = visitors.reduce((sum, { id }) => sum + log.remark(id, mark), 0)
      if (changed === 0) return 0
      for (const person of new Set(visitors.map(visitor => visitor.person)))
        regrade(site, person, decided(site, person), { actor: 'engine', cause: 'mark' }, now, engine)
      return changed
    },
  }

  /** Who stays, and who is joined to them: the known one stays, else the one made first. */
  function older(site: number, one: string, two: string): [into: string, from: string] {
    const [known, other] = [identity.isKnown(site, one), identity.isKnown(site, two)]
    const first = known === other ? one < two : known
    return first ? [one, two] : [two, one]
  }
}

interface Stop {
  reason: ProfilingStop['reason']
  actor: string
  saidAt?: Instant
}

interface Regrading {
  actor: string
  cause: Cause
}

const anew = (site: number): Due => ({ site, events: [], refold: true })

function cannot(from: string, to: string): string {
  if (from === to) return `The lead is at ${to} already.`
  const [last, ...others] = MOVES[from as keyof typeof MOVES].toReversed()
  const allowed = others.length === 0 ? last : `${others.toReversed().join(', ')} or ${last}`
  return `A lead at ${from} cannot be moved to ${to}, only to ${allowed}.`
}
