import type { Instant } from '../../shared/instant.ts'
import { isFurther, type Stage } from '../../shared/stage.ts'
import { isMet, momentOf, type Moment } from './condition.ts'
import type { Fold } from './fold.ts'
import type { Plan } from './plan.ts'
import { scoreAt } from './score.ts'

/** A step that a person takes at an instant. */
export interface Step {
  from: Stage
  to: Stage
  at: Instant
  score: number
}

/**
 * The steps that a person at a stage takes at an instant: to the furthest stage whose condition is met, and on from there
 * if its having been reached is what a further one was waiting for.
 */
export function stepsFrom(plan: Plan, fold: Fold, stage: Stage, at: Instant): Step[] {
  const moment = momentOf(plan, fold, stage, at)
  const to = furthest(plan, moment)
  if (to === null) return []
  return [{ from: stage, to, at, score: scoreAt(plan, fold, at).total }, ...stepsFrom(plan, fold, to, at)]
}

/** Whether the engine may take somebody at a stage to another: forward to MQL, and once more to MQL after a recycling. */
export const mayReach = (to: Stage, from: Stage): boolean => (from === 'recycled' ? to === 'mql' : isFurther(to, from))

function furthest({ stages }: Plan, moment: Moment): Stage | null {
  if (moment.fold.last === null) return null
  for (const { stage, condition } of stages) {
    if (!mayReach(stage, moment.stage)) return null
    if (isMet(condition, moment)) return stage
  }
  return null
}

/** Notes when a fast-track event first asks for sales. */
export function noteCandidate(plan: Plan, fold: Fold, stage: Stage, at: Instant): void {
  const open = fold.recycled?.since ?? fold
  if (!plan.fastTrack || open.candidateSince !== null || open.last === null) return
  if (isMet(plan.fastTrack, momentOf(plan, fold, stage, at))) open.candidateSince = at
}

/** Since when somebody asks for sales whom nobody has accepted or turned down. */
export function candidateSince(fold: Fold, stage: Stage): Instant | null {
  const isOpen = stage === 'recycled' || isFurther('sql', stage)
  return isOpen ? (fold.recycled?.since ?? fold).candidateSince : null
}
