import {
  bestThreshold,
  flaggedOf,
  thresholdForCapacity,
  thresholdRows,
  type Counts,
  type Flagged,
  type Histogram,
  type ThresholdRow,
} from '../../shared/backtest.ts'
import { DAY, type Instant } from '../../shared/instant.ts'
import type { ScoreName } from '../../shared/model.ts'
import { planOf } from '../scoring/plan.ts'
import { peakOf, replay } from '../scoring/replay.ts'
import type { VersionedModel } from '../store/models.ts'
import type { Store } from '../store/store.ts'
import { auc, gains, type Gain, type Scored } from './auc.ts'
import { histogramOf, median, type Tried } from './histogram.ts'
import type { Label } from './label.ts'
import { leakWatch, type LeakWarning } from './leak.ts'
import { EVERYBODY, everybody, type PeopleReader, type Sample } from './people.ts'

export interface BacktestOptions extends Sample {
  /** Which score a threshold is about. */
  score: ScoreName
  /** Recall counts so many times as much as precision. */
  beta: number
  /** How many people sales can take a week; `null`: nobody said. */
  perWeek: number | null
  /** Whether people of whom nobody knows yet count as lost; `null`: only if nobody was ever called lost. */
  openAsLost: boolean | null
}

export const BACKTEST_DEFAULTS: BacktestOptions = {
  ...EVERYBODY,
  score: 'total',
  beta: 1,
  perWeek: null,
  openAsLost: null,
}

/** How a model would have done over the kept history. */
export interface Backtest {
  model: number
  /** The live version, that it is held against. */
  live: number
  score: ScoreName
  /** From the first event to the last thing known; `weeks` is never under 1. */
  period: { from: Instant | null; until: Instant | null; weeks: number }
  people: Counts & {
    /** Left out: may not be profiled. */
    objected: number
    openAsLost: boolean
  }
  baseRate: number | null
  auc: number | null
  histogram: Histogram
  thresholds: ThresholdRow[]
  best: { beta: number; threshold: number | null }
  capacity: { perWeek: number; threshold: number } | null
  gains: Gain[]
  /** Whoever met the condition for MQL, as it stands in each of the two. */
  mql: { model: Flagged; live: Flagged; enter: Moved; leave: Moved }
  warnings: LeakWarning[]
}

/** Who would be an MQL under one of two models only. */
export interface Moved extends Counts {
  /** Ids of the first of them. */
  leads: string[]
}

const SHOWN = 100

/**
 * Replays everybody of a site under a model and under the live one, each up to their outcome, exclusive, with the fold and
 * the conditions of the live path, as of each event. Somebody is flagged by a threshold when their score had reached it
 * right after any event. Changes nothing. Takes some 20 µs an event, in slices; `onProgress` is told how many are done.
 */
export async function backtest(
  store: PeopleReader & Pick<Store, 'model'>,
  site: number,
  model: VersionedModel,
  options: BacktestOptions = BACKTEST_DEFAULTS,
  onProgress?: (done: number) => void,
): Promise<Backtest> {
  const live = await store.model(site)
  const { score, outcomeEvents, beta, perWeek } = options
  const [plan, livePlan] = [planOf(model.document), planOf(live.document)]
  const watch = leakWatch(model.document, plan, outcomeEvents)
  const tried: (Tried & { id: string; reached: MqlReached })[] = []
  let [from, until] = [Infinity, -Infinity]

  const { objected } = await everybody(
    store,
    site,
    options,
    person => {
      const { id, label, history } = person
      const now = replay(plan, model.version, history, score)
      const before = model.version === live.version ? now : replay(livePlan, live.version, history, score)
      watch.see(person, now)
      const { heights, nothing } = now
      tried.push({ id, label, replay: { heights, nothing }, reached: { model: now.mqlAt, live: before.mqlAt } })
      const [first, last] = [history[0]?.at, label?.at ?? history.at(-1)?.at]
      from = Math.min(from, first ?? last ?? Infinity)
      until = Math.max(until, last ?? -Infinity)
    },
    onProgress,
  )

  const openAsLost = options.openAsLost ?? !tried.some(({ label }) => label?.result === 'lost')
  const people = openAsLost ? tried.map(person => ({ ...person, label: person.label ?? LOST })) : tried
  const all = count(people)
  const weeks = Math.max(1, (until - Math.max(from, options.since)) / (7 * DAY) || 0)
  const histogram = histogramOf(people)
  const decided = people.flatMap(({ label, replay: own }): Scored[] =>
    label ? [{ score: peakOf(own), won: label.result === 'won' }] : [],
  )
  const moved = (to: keyof MqlReached, not: keyof MqlReached): Moved => {
    const some = people.filter(({ reached }) => reached[to] !== null && reached[not] === null)
    return { ...count(some), leads: some.slice(0, SHOWN).map(({ id }) => id) }
  }
  const asMql = (which: keyof MqlReached): Flagged => {
    const some = people.filter(({ reached }) => reached[which] !== null)
    const days = some.flatMap(({ label, reached }) =>
      label?.result === 'won' ? (label.at - reached[which]!) / DAY : [],
    )
    return flaggedOf(count(some), all, weeks, median(days))
  }
  return {
    model: model.version,
    live: live.version,
    score,
    period: { from: finite(from), until: finite(until), weeks },
    people: { ...all, objected, openAsLost },
    baseRate: all.won + all.lost === 0 ? null : all.won / (all.won + all.lost),
    auc: auc(decided),
    histogram,
    thresholds: thresholdRows(histogram, weeks),
    best: { beta, threshold: bestThreshold(histogram, beta) },
    capacity: perWeek === null ? null : { perWeek, threshold: thresholdForCapacity(histogram, weeks, perWeek) },
    gains: gains(decided),
    mql: { model: asMql('model'), live: asMql('live'), enter: moved('model', 'live'), leave: moved('live', 'model') },
    warnings: watch.warnings(openAsLost),
  }
}

/** When the condition for MQL was first met. */
interface MqlReached {
  model: Instant | null
  live: Instant | null
}

const LOST: Label = { result: 'lost', at: NaN }

const finite = (at: Instant): Instant | null => (Number.isFinite(at) ? at : null)

function count(people: readonly Tried[]): Counts {
  const counts: Counts = { won: 0, lost: 0, open: 0 }
  for (const { label } of people) counts[label?.result ?? 'open']++
  return counts
}
