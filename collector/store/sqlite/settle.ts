import type { StoredEvent } from '../../../shared/event.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Happening, Outlook } from '../../../shared/news.ts'
import type { Standing, Verdict } from '../../../shared/person.ts'
import type { Explanation } from '../../../shared/score.ts'
import { HAND_OVERS, type Cause, type Transition } from '../../../shared/stage.ts'
import type { Engine } from '../persons.ts'
import type { EventLog } from './events.ts'
import { NO_EVENTS, WHOLE, type Folder } from './fold.ts'
import type { ModelReader } from './models.ts'
import type { NewsDesk } from './news.ts'
import { LEFT, type PersonBook } from './persons.ts'
import type { TransitionLog } from './transitions.ts'
import { take } from './walk.ts'

/** More events than that are not judged anew while all who send have to wait: some 10 ms. */
const LONG = 500
/** A hand-over after more events than that is not explained then and there: some half a second. */
const EXPLAINED = 20_000
/** Of a whole history, judged one after the other, so that one of any length takes little memory. */
const PART = 1_000

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

export interface Settler {
  /** Judges a person and saves what it comes to: a row for each step, and what others are told; `unsaid` leaves both to the caller. */
  settle: (id: string, due: Due, now: Instant, engine: Engine, said?: Said | 'unsaid') => Verdict
  /** The same, but a long history that has to be judged from its beginning is left to `refold`, with all that comes until then. */
  settleSoon: (id: string, due: Due, now: Instant, engine: Engine) => void
  /** Saves what judging somebody who was left has come to. */
  keep: (id: string, judged: Judged, now: Instant, engine: Engine, said?: Said | 'unsaid') => void
}

/** What judging a person came to, and how that came about. */
export interface Judged extends Pick<Happening, 'timeAlone' | 'refolded'> {
  site: number
  verdict: Verdict
  /** How it stood before; of what a new version of the model has made of it already, nobody is told. */
  before: Outlook
  steps: Transition[]
  /** Whether the fold is the one before with new events after it: the log then has all that one lacks. */
  goesOn?: boolean
}

export function settler({ log, persons, models, transitions, news, reports }: SettleParts): Settler {
  /** `null`: the history is too long to be judged now. */
  function judged(
    id: string,
    { site, events, refold }: Due,
    now: Instant,
    engine: Engine,
    { cause, first, imported }: Said,
    mayWait: boolean,
  ): Judged | null {
    const kept = persons.standingOf(site, id)
    const isLong = (): boolean => mayWait && kept.model !== null && log.isLonger(site, id, LONG)
    if (mayWait && kept.dueAt === LEFT) return null
    const model = models.live(site)
    const judge = (standing: Standing, about: readonly StoredEvent[]) =>
      engine.judge(model.document, model.version, standing, about, now)

    /** From the log; what time has done since is asked when nothing new happened. */
    const judgeWhole = (from: Standing, about: Iterable<StoredEvent>): Verdict => {
      let verdict: Verdict | null = null
      const taken: Transition[] = []
      for (const part of inParts(about, PART)) {
        verdict = judge(verdict?.standing ?? { ...from, fold: null }, part)
        if (!verdict) throw new Error(`The judge refused the whole history of ${id}.`)
        taken.push(...verdict.transitions)
      }
      const later = verdict && events.length > 0 ? verdict : judge(verdict?.standing ?? { ...from, fold: null }, [])
      if (!later) throw new Error(`The judge refused ${id}.`)
      return { ...later, transitions: later === verdict ? taken : [...taken, ...later.transitions] }
    }

    /** What came before all that is new. */
    const earlier = (about: Iterable<StoredEvent>) => without(about, new Set(events.map(event => event.id)))
    /** With what came since the fold was written; anew, if that is much, or if it is more than the fold says. */
    const caughtUp = (): Standing => {
      const after = engine.lastOf(kept.fold) ?? undefined
      const missed = take(log.walk(site, id, after), PART + 1)
      const old = [...earlier(missed)]
      if (old.length === 0) return kept
      const caught = missed.length > PART ? null : judge(kept, old)
      return caught && caught.transitions.length === 0 ? caught.standing : { ...kept, fold: null }
    }

    const isStale = kept.model !== null && kept.model !== model.version
    let standing: Standing = kept.isBehind && kept.fold !== null && !isStale && !refold ? caughtUp() : kept
    let verdict: Verdict | null = null
    let before: Outlook = kept
    let goesOn = false
    const steps: Transition[] = first ? [first] : []
    if (isStale && !refold) {
      // What the new version makes of the past is its doing, and not that of what happens now.
      if (isLong()) return null
      verdict = judgeWhole(standing, earlier(log.walk(site, id)))
      steps.push(...verdict.transitions.map(step => ({ ...step, cause: 'model' as const, quiet: !model.tells })))
      standing = verdict.standing
      before = verdict.profile
    }
    if (verdict === null || events.length > 0) {
      const isNew = standing.fold === null && kept.model === null
      const onward = refold || (standing.fold === null && !isNew) ? null : judge(standing, events)
      if (onward === null && isLong()) return null
      goesOn = onward !== null && standing.fold !== null && !isStale
      verdict = onward ?? judgeWhole(standing, log.walk(site, id))
      steps.push(...verdict.transitions.map(step => ({ ...step, ...(cause && { cause }), ...(imported && IMPORTED) })))
    }
    return { site, verdict, before, steps, timeAlone: events.length === 0, refolded: refold, goesOn }
  }

  function keep(
    id: string,
    { site, verdict, steps, goesOn = false, ...happening }: Judged,
    now: Instant,
    engine: Engine,
    said?: Said | 'unsaid',
  ): void {
    const model = models.live(site)
    persons.save(site, id, verdict, model.version, now, goesOn)
    if (steps.length > 0 || happening.refolded) reports.mark(site, id, NO_EVENTS)
    if (said === 'unsaid') return
    /** Of a hand-over, as of when its condition was met. */
    const explain = (at: Instant): Explanation =>
      engine.explain(model.document, model.version, log.walk(site, id), at, {
        decisions: transitions.decisions(site, id),
        profilingStopped: null,
      })
    for (const step of steps) {
      const isExplained = HAND_OVERS.includes(step.to) && !step.explanation && !log.isLonger(site, id, EXPLAINED)
      transitions.add(site, id, isExplained ? { ...step, explanation: explain(step.effectiveAt) } : step)
    }
    if (said?.imported) return
    news.tell(site, id, model.version, { ...happening, verdict, steps, now })
  }

  /** Reports have something new to count. */
  const mark = (id: string, { site, events, refold }: Due): void => {
    if (refold) reports.mark(site, id, WHOLE)
    else if (events.length > 0) reports.mark(site, id, Math.min(...events.map(({ at }) => at)))
  }

  return {
    keep,
    settle(id, due, now, engine, said) {
      const found = judged(id, due, now, engine, said === 'unsaid' ? {} : (said ?? {}), false)!
      mark(id, due)
      keep(id, found, now, engine, said)
      return found.verdict
    },
    settleSoon(id, due, now, engine) {
      mark(id, due)
      const found = judged(id, due, now, engine, {}, true)
      if (found) keep(id, found, now, engine)
      else persons.leave(due.site, id)
    },
  }
}

const IMPORTED = { actor: 'import', quiet: true }

function* without(events: Iterable<StoredEvent>, ids: ReadonlySet<string>): Generator<StoredEvent> {
  for (const event of events) if (!ids.has(event.id)) yield event
}

function* inParts<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let part: Item[] = []
  for (const item of items) {
    if (part.push(item) < size) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}
