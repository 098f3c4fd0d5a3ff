import { MINUTE, type Instant } from '../../shared/instant.ts'
import type { Condition, ScoreName } from '../../shared/model.ts'
import type { Stage } from '../../shared/stage.ts'
import { remaining } from './decay.ts'
import type { Fold } from './fold.ts'
import { NOTHING, pointsAt } from './holding.ts'
import { isEventRule, type Plan } from './plan.ts'
import { sumUp } from './score.ts'
import { parts } from './stage-plan.ts'

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
  const condition = plan.stages.find(planned => planned.stage === stage)?.condition
  const asked = condition ? thresholds(condition) : []
  if (asked.length === 0) return null
  const course = fading(plan, fold, now)
  const minutes = asked.flatMap(({ score, gte }) => firstMinuteUnder(course, score, gte) ?? [])
  return minutes.length > 0 ? Math.min(...minutes) * MINUTE : null
}

/** The scores that a condition asks for. What it asks not to be is no threshold to fall under. */
function thresholds(condition: Condition): { score: ScoreName; gte: number }[] {
  if ('score' in condition) return [condition]
  return 'not' in condition ? [] : parts(condition).flatMap(thresholds)
}

/** How a score goes on from `now` if nothing more happens. */
interface Fading {
  now: Instant
  /** When it has come to rest. */
  rest: Instant
  /** The least that each score can be from one instant to another. */
  least: (from: Instant, to: Instant) => Record<ScoreName, number>
}

function fading(plan: Plan, fold: Fold, now: Instant): Fading {
  const lasting = plan.groups.map(() => 0)
  const fades = new Map<string, { group: number; half: number; points: number }>()
  for (const planned of plan.rules) {
    const { index, group } = planned
    if (!isEventRule(planned)) {
      if (planned.holds(fold.traits)) lasting[group]! += planned.rule.points
      continue
    }
    const points = pointsAt(planned, fold.holdings[index] ?? NOTHING, now)
    if (points === 0) continue
    const half = planned.halfLife
    // Points of one group that fade at one pace fade as one.
    const known = fades.get(`${group} ${half}`)
    if (half === Infinity) lasting[group]! += points
    else if (known) known.points += points
    else fades.set(`${group} ${half}`, { group, half, points })
  }
  const terms = [...fades.values()]
  return {
    now,
    rest: now + HALF_LIVES * Math.max(0, ...terms.map(({ half }) => half)),
    least: (from, to) => {
      const groups = lasting.map(before => ({ before, after: 0 }))
      for (const { group, half, points } of terms) {
        groups[group]!.before += points * remaining((points > 0 ? to : from) - now, half)
      }
      return sumUp(plan, groups)
    },
  }
}

/** In minutes since 1970. */
function firstMinuteUnder({ now, rest, least }: Fading, score: ScoreName, threshold: number): number | null {
  if (least(now, now)[score] < threshold) return null
  let steps = 0
  const search = (from: number, to: number): number | null => {
    if (least(from * MINUTE, to * MINUTE)[score] >= threshold) return null
    if (from === to || ++steps > MAX_STEPS) return from
    const middle = Math.floor((from + to) / 2)
    return search(from, middle) ?? search(middle + 1, to)
  }
  return search(Math.floor(now / MINUTE) + 1, Math.ceil(rest / MINUTE) + 1)
}
