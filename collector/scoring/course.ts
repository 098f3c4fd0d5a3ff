import { MINUTE, type Duration, type Instant } from '../../shared/instant.ts'
import type { ScoreName } from '../../shared/model.ts'
import { remaining } from './decay.ts'
import type { Fold } from './fold.ts'
import { isEventRule, type Plan } from './plan.ts'
import { rulePointsAt, sumUp } from './score.ts'
import type { Threshold } from './stage-plan.ts'

/** After so many half-lives nothing is left that a double could tell from nothing. */
const HALF_LIVES = 60
/** More is never needed but for scores made to linger on a threshold; then the answer is early rather than late. */
const MAX_STEPS = 5_000

/** How scores go on after the last event if nothing more happens: the same whenever it is asked. */
export interface Course {
  /** When they have come to rest. */
  rest: Instant
  /** The least, and the most, that one can be from one instant to another. */
  least: (score: ScoreName, from: Instant, to: Instant) => number
  most: (score: ScoreName, from: Instant, to: Instant) => number
}

export function courseOf(plan: Plan, fold: Fold): Course {
  const begun = fold.last?.at ?? 0
  const lasting = plan.model.groups.map(() => 0)
  const fading: { group: number; half: Duration; points: number }[] = []
  for (const planned of plan.rules) {
    const { group } = planned
    const points = rulePointsAt(planned, fold, begun)
    const half = isEventRule(planned) ? planned.halfLife : Infinity
    // Points of one group that fade at one pace fade as one.
    const alike = fading.find(term => term.group === group && term.half === half)
    if (half === Infinity) lasting[group]! += points
    else if (alike) alike.points += points
    else if (points !== 0) fading.push({ group, half, points })
  }
  const groups = new Float64Array(lasting.length) // asked for again and again: the same every time
  const extreme = (score: ScoreName, from: Instant, to: Instant, highest: boolean) => {
    groups.set(lasting)
    for (const { group, half, points } of fading) {
      const when = points > 0 === highest ? from : to
      groups[group]! += points * remaining(when - begun, half)
    }
    return sumUp(plan, groups)[score]
  }
  return {
    rest: begun + HALF_LIVES * Math.max(0, ...fading.map(({ half }) => half)),
    least: (score, from, to) => extreme(score, from, to, false),
    most: (score, from, to) => extreme(score, from, to, true),
  }
}

interface Search {
  /** Whether the threshold is to be reached, or to be fallen under. */
  reached: boolean
  after: Instant
  until?: Instant
  /** Only full units count. Default: minutes. */
  unit?: Duration
}

/**
 * The first full unit of time at which a score has reached a threshold, or is under it; `null` when it never is. Not
 * `exact` when the search was given up: then the answer is too early.
 *
 * With negative rules, caps and limits a score may fall, rise and fall again, so plain bisection could miss the first
 * crossing. But every rule by itself only ever nears zero: over a stretch of time its least and its most are the values
 * of the two ends, and sums and limits keep that order. So all rules together bound the score over the whole stretch. A
 * stretch whose bound does not pass the threshold holds no crossing; any other is halved, the earlier half first.
 */
export function firstAt(
  course: Course,
  { score, gte }: Threshold,
  { reached, after, until = Infinity, unit = MINUTE }: Search,
): { at: Instant; exact: boolean } | null {
  const cannot = (from: Instant, to: Instant): boolean =>
    reached ? course.most(score, from, to) < gte : course.least(score, from, to) >= gte
  let steps = 0
  const search = (from: number, to: number): number | null => {
    if (cannot(from * unit, to * unit)) return null
    if (from === to || ++steps > MAX_STEPS) return from
    const middle = Math.floor((from + to) / 2)
    return search(from, middle) ?? search(middle + 1, to)
  }
  const first = Math.floor(after / unit) + 1
  const last = Math.min(Math.floor(until / unit), Math.max(first, Math.ceil(course.rest / unit) + 1))
  const found = first > last ? null : search(first, last)
  return found === null ? null : { at: found * unit, exact: steps <= MAX_STEPS }
}
