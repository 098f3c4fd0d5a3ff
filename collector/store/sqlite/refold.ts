import { LRUCache } from 'lru-cache'
import { inOrder, type StoredEvent } from '../../../shared/event.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Standing, Verdict } from '../../../shared/person.ts'
import type { Stage, Transition } from '../../../shared/stage.ts'
import type { Engine } from '../persons.ts'
import { LEFT } from './persons.ts'
import type { Settler, SettleParts } from './settle.ts'
import { take, type Place } from './walk.ts'

/** Events of one transaction: some milliseconds, for which whoever sends has to wait. */
const SLICE = 300
/** Events from one milestone to the next. */
const MILESTONE = 10 * SLICE
/** Of one history; of more, every other one of the older half is given up. */
const MILESTONES = 32
/** Histories whose milestones are remembered: some 50 KB each. */
const REMEMBERED = 50

/** What a history had come to at a place: good for as long as nothing before it changes. */
interface Milestone {
  place: Place
  model: number
  /** As text: one object instead of hundreds. */
  fold: string
  /** What had been found by then, and the stage it was found from: as long as the person stands there, it is not kept yet. */
  steps: readonly Transition[]
  from: Stage
}

/** A history that is being judged. */
interface Going {
  site: number
  id: string
  model: number
  from: Stage
  walk: Generator<StoredEvent, undefined>
  standing: Standing
  place: Place | undefined
  steps: Transition[]
  /** Events since the last milestone. */
  since: number
}

/**
 * Judges the long histories that were left, a slice in each transaction, so that all others are written in between. A late
 * event sends it back to the last milestone before. The milestones stay for the next late event.
 */
export function refolder({ log, persons, models }: SettleParts, { keep }: Pick<Settler, 'keep'>) {
  const milestones = new LRUCache<string, Milestone[]>({ max: REMEMBERED })
  let going: Going | null = null

  function begin(): Going | null {
    const left = persons.left()
    if (!left) return null
    const { site, id } = left
    const model = models.live(site).version
    const kept = persons.standingOf(site, id)
    const begun: Going = {
      site,
      id,
      model,
      from: kept.stage,
      walk: log.walk(site, id),
      standing: { ...kept, fold: null },
      place: undefined,
      steps: [],
      since: 0,
    }
    const milestone = milestones.get(id)?.findLast(known => known.model === model)
    if (!milestone) return begun
    const { place, fold, steps, from } = milestone
    const unkept = from === kept.stage ? [...steps] : []
    const last = unkept.at(-1)
    const reached = last && { stage: last.to, stageSince: last.effectiveAt }
    const standing = { ...kept, ...reached, fold: JSON.parse(fold) }
    return { ...begun, place, walk: log.walk(site, id, place), standing, steps: unkept }
  }

  function setMilestone({ id, model, from, standing, place, steps }: Going): void {
    if (!place) return
    const before = milestones.get(id) ?? []
    const half = MILESTONES / 2
    const fewer = before.length < MILESTONES ? before : before.filter((_, index) => index > half || index % 2 === 0)
    milestones.set(id, [...fewer, { place, model, fold: JSON.stringify(standing.fold), steps: [...steps], from }])
  }

  return {
    /** Somebody has new events: what was found of the history after them is found no more. */
    note(id: string, events: readonly StoredEvent[]): void {
      const known = milestones.get(id)
      if (!known && going?.id !== id) return
      const [first] = events.toSorted(inOrder)
      if (!first) return
      const isAfter = (place: Place | undefined) => place === undefined || inOrder(place, first) < 0
      if (known)
        milestones.set(
          id,
          known.filter(({ place }) => isAfter(place)),
        )
      if (going?.id !== id) return
      // What was read ahead may lack them.
      going = isAfter(going.place) ? { ...going, walk: log.walk(going.site, id, going.place) } : null
    },

    /** A history is another one. */
    drop(id: string): void {
      milestones.delete(id)
      if (going?.id === id) going = null
    },

    /** After a rollback, or when somebody else has written. */
    forget(): void {
      milestones.clear()
      going = null
    },

    /** One slice; whether more is to do. */
    refold(now: Instant, engine: Engine): boolean {
      const isGood =
        going && persons.dueAt(going.site, going.id) === LEFT && models.live(going.site).version === going.model
      going = isGood ? going : begin()
      if (!going) return false
      const { site, id, steps, model } = going
      const judge = (standing: Standing, events: readonly StoredEvent[]): Verdict => {
        const verdict = engine.judge(models.live(site).document, model, standing, events, now)
        if (!verdict) throw new Error(`The judge refused the whole history of ${id}.`)
        steps.push(...verdict.transitions)
        return verdict
      }

      const events = take(going.walk, SLICE)
      const verdict = judge(going.standing, events)
      going.standing = verdict.standing
      going.place = events.at(-1) ?? going.place
      going.since += events.length
      if (going.since >= MILESTONE) {
        setMilestone(going)
        going.since = 0
      }
      if (events.length === SLICE) return true

      const last = events.length === 0 ? verdict : judge(verdict.standing, [])
      const kept = persons.standingOf(site, id)
      // What another version of the model makes of the past is its doing, and nothing that has just happened.
      const isStale = kept.model !== model
      const told = isStale
        ? steps.map(step => ({ ...step, cause: 'model' as const, quiet: !models.live(site).tells }))
        : steps
      const before = isStale ? last.profile : kept
      keep(id, { site, verdict: last, before, steps: told, timeAlone: false, refolded: true }, now, engine)
      going = null
      return persons.left() !== null
    },
  }
}
