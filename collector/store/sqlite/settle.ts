import type { StoredEvent } from '../../../shared/event.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Outlook } from '../../../shared/news.ts'
import type { Standing, Verdict } from '../../../shared/person.ts'
import { HAND_OVERS, type Cause, type Transition } from '../../../shared/stage.ts'
import type { VersionedModel } from '../models.ts'
import type { Decided, Engine } from '../persons.ts'
import type { EventLog } from './events.ts'
import { NO_EVENTS, WHOLE, type Folder } from './fold.ts'
import type { ModelReader } from './models.ts'
import type { NewsDesk } from './news.ts'
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
  news: NewsDesk
  reports: Pick<Folder, 'mark'>
}

/** What of a person's steps is not the engine's to know. */
export interface Said {
  cause?: Cause
  /** A step that somebody has decided, before any of the engine's. */
  first?: Transition
  /** All of it is the past, which came by an import: nobody is told. */
  imported?: true
}

/** Judges a person and saves what it comes to: a row for each step, and what others are told; `unsaid` leaves both to the caller. */
export type Settle = (id: string, due: Due, now: Instant, engine: Engine, said?: Said | 'unsaid') => Verdict

export function settler({ log, persons, models, transitions, news, reports }: SettleParts): Settle {
  return (id, { site, events, refold }, now, engine, said) => {
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
    let before: Outlook = kept
    const { cause, first, imported } = said === 'unsaid' ? {} : (said ?? {})
    const steps: Transition[] = first ? [first] : []
    const isStale = kept.model !== null && kept.model !== model.version
    if (isStale && !refold) {
      // What the new version makes of the past is its doing, and not that of what happens now.
      const fresh = new Set(events.map(event => event.id))
      verdict = judgeWhole(
        standing,
        whole().filter(event => !fresh.has(event.id)),
      )
      steps.push(...verdict.transitions.map(step => ({ ...step, cause: 'model' as const, quiet: true })))
      standing = verdict.standing
      before = verdict.profile
    }
    if (verdict === null || events.length > 0) {
      const isNew = standing.fold === null && kept.model === null
      verdict =
        (refold || (standing.fold === null && !isNew) ? null : judge(standing, events)) ?? judgeWhole(standing, whole())
      steps.push(...verdict.transitions.map(step => ({ ...step, ...(cause && { cause }), ...(imported && IMPORTED) })))
    }
    persons.save(site, id, verdict, model.version, now)
    if (refold) reports.mark(site, id, WHOLE)
    else if (events.length + steps.length > 0)
      reports.mark(site, id, Math.min(NO_EVENTS, ...events.map(({ at }) => at)))
    if (said === 'unsaid') return verdict
    const decided = () => ({ decisions: transitions.decisions(site, id), profilingStopped: null })
    for (const step of steps) transitions.add(site, id, frozen(step, model, engine, whole, decided))
    if (imported) return verdict
    const timeAlone = events.length === 0
    news.tell(site, id, model.version, { before, verdict, steps, now, timeAlone, refolded: refold })
    return verdict
  }
}

const IMPORTED = { actor: 'import', quiet: true }

/** With the explanation of a hand-over, as of when its condition was met. */
function frozen(
  step: Transition,
  { document, version }: VersionedModel,
  engine: Engine,
  whole: () => StoredEvent[],
  decided: () => Decided,
): Transition {
  if (!HAND_OVERS.includes(step.to) || step.explanation) return step
  return { ...step, explanation: engine.explain(document, version, whole(), step.effectiveAt, decided()) }
}
