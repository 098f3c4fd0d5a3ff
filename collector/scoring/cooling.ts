import { MINUTE, type Duration, type Instant } from '../../shared/instant.ts'
import type { ScoreName } from '../../shared/model.ts'
import type { Stage } from '../../shared/stage.ts'
import { remaining } from './decay.ts'
import type { Fold } from './fold.ts'
import { isEventRule, type Plan } from './plan.ts'
import { rulePointsAt, sumUp } from './score.ts'
import type { Threshold } from './stage-plan.ts'

/** After so many half-lives nothing is left that a double could tell from nothing. */
const HALF_LIVES = 60
/** More is never needed but for scores made to linger on a threshold; then the answer is early rather than late. */
const MAX_STEPS = 5_000

/**
 * The first full minute after `now` at which, if nothing more happens, a score is under the threshold that the condition of
 * the person's own stage asks for. `null` when the condition asks for no score, when the score is not above, and when it
 * never falls so low.
 *
 * With negative rules, caps and limits a score may fall, rise and fall again, so plain bisection could miss the first
 * crossing. But every rule by itself only ever nears zero: over a stretch of time its least value is that of one end, and
 * sums and limits keep that order. So the least value of all rules bounds the score from below over the whole stretch. A
 * stretch with a bound above the threshold holds no crossing; any other is halved, the earlier half first.
 */
export function coolsAt(plan: Plan, fold: Fold, stage: Stage, now: Instant): Instant | null {
  const thresholds = plan.stages.find(planned => planned.stage === stage)?.thresholds ?? []
  if (thresholds.length === 0) return null
  const course = courseOf(plan, fold, now)
  const minutes = thresholds.flatMap(threshold => firstMinuteUnder(course, threshold) ?? [])
  return minutes.length > 0 ? Math.min(...minutes) * MINUTE : null
}

/** How scores go on from `now` if nothing more happens. */
interface Course {
  now: Instant
  /** When they have come to rest. */
  rest: Instant
  /** The least that each can be from one instant to another. */
  least: (from: Instant, to: Instant) => Record<ScoreName, number>
}

function courseOf(plan: Plan, fold: Fold, now: Instant): Course {
  const lasting = plan.model.groups.map(() => 0)
  const fading: { group: number; half: Duration; points: number }[] = []
  for (const planned of plan.rules) {
    const { group } = planned
    const points = rulePointsAt(planned, fold, now)
    const half = isEventRule(planned) ? planned.halfLife : Infinity
    // Points of one group that fade at one pace fade as one.
    const alike = fading.find(term => term.group === group && term.half === half)
    if (half === Infinity) lasting[group]! += points
    else if (alike) alike.points += points
    else if (points !== 0) fading.push({ group, half, points })
  }
  return {
    now,
    rest: now + HALF_LIVES * Math.max(0, ...fading.map(({ half }) => half)),
    least: (from, to) => {
      const groups = [...lasting]
      for (const { group, half, points } of fading) {
        groups[group]! += points * remaining((points > 0 ? to : from) - now, half)
      }
      return sumUp(plan, groups)
    },
  }
}

/** In minutes since 1970. */
function firstMinuteUnder({ now, rest, least }: Course, { score, gte }: Threshold): number | null {
  if (least(now, now)[score] < gte) return null
  let steps = 0
  const search = (from: number, to: number): number | null => {
    if (least(from * MINUTE, to * MINUTE)[score] >= gte) return null
    if (from === to || ++steps > MAX_STEPS) return from
    const middle = Math.floor((from + to) / 2)
    return search(from, middle) ?? search(middle + 1, to)
  }
  return search(Math.floor(now / MINUTE) + 1, Math.ceil(rest / MINUTE) + 1)
}
