import type { StoredEvent } from '../../../shared/event.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Standing, Verdict } from '../../../shared/person.ts'
import { HAND_OVERS, type Transition } from '../../../shared/stage.ts'
import type { VersionedModel } from '../models.ts'
import type { Decided, Engine } from '../persons.ts'
import type { EventLog } from './events.ts'
import type { ModelReader } from './models.ts'
import type { PersonBook } from './persons.ts'
import type { TransitionLog } from './transitions.ts'

/** A person to be judged at the end of the transaction. */
export interface Due {
  site: number
  /** What is new; none at all means that time has passed. */
  events: StoredEvent[]
  /** The history is another one than was judged: the fold must begin anew. */
  refold: boolean
}

export interface SettleParts {
  log: EventLog
  persons: PersonBook
  models: ModelReader
  transitions: TransitionLog
}

/** Judges a person and saves what it comes to. `as` says of every step what is not the engine's to know, or keeps none. */
export type Settle = (
  id: string,
  due: Due,
  now: Instant,
  engine: Engine,
  as?: Pick<Transition, 'cause'> | 'unsaid',
) => Verdict

export function settler({ log, persons, models, transitions }: SettleParts): Settle {
  return (id, { site, events, refold }, now, engine, as) => {
    const model = models.live(site)
    let history: StoredEvent[] | null = null
    const whole = (): StoredEvent[] => (history ??= log.history(site, id))
    const judge = (standing: Standing, about: readonly StoredEvent[]) =>
      engine.judge(model.document, model.version, standing, about, now)

    /** From the log; what time has done since is asked when nothing new happened. */
    const judgeWhole = (standing: Standing, about: StoredEvent[]): Verdict => {
      const verdict = judge({ ...standing, fold: null }, about)
      if (!verdict) throw new Error(`The judge refused the whole history of ${id}.`)
      const later = events.length === 0 && about.length > 0 ? judge(verdict.standing, []) : null
      return later ? { ...later, transitions: [...verdict.transitions, ...later.transitions] } : verdict
    }

    const kept = persons.standingOf(site, id)
    let standing: Standing = kept
    let verdict: Verdict | null = null
    const steps: Transition[] = []
    const isStale = kept.model !== null && kept.model !== model.version
    if (isStale && !refold) {
      // What the new version makes of the past is its doing, and not that of what happens now.
      const news = new Set(events.map(event => event.id))
      verdict = judgeWhole(
        standing,
        whole().filter(event => !news.has(event.id)),
      )
      steps.push(...verdict.transitions.map(step => ({ ...step, cause: 'model' as const, quiet: true })))
      standing = verdict.standing
    }
    if (verdict === null || events.length > 0) {
      const isNew = standing.fold === null && kept.model === null
      verdict =
        (refold || (standing.fold === null && !isNew) ? null : judge(standing, events)) ?? judgeWhole(standing, whole())
      steps.push(...verdict.transitions.map(step => ({ ...step, ...(as !== 'unsaid' && as) })))
    }
    persons.save(site, id, verdict, model.version, now)
    if (as === 'unsaid') return verdict
    const decided = () => ({ decisions: transitions.decisions(site, id), profilingStopped: null })
    for (const step of steps) transitions.add(site, id, frozen(step, model, engine, whole, decided))
    return verdict
  }
}

/** With the explanation of a hand-over, as of when its condition was met. */
function frozen(
  step: Transition,
  { document, version }: VersionedModel,
  engine: Engine,
  whole: () => StoredEvent[],
  decided: () => Decided,
): Transition {
  if (!HAND_OVERS.includes(step.to)) return step
  return { ...step, explanation: engine.explain(document, version, whole(), step.effectiveAt, decided()) }
}
