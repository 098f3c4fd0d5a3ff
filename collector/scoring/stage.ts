import type { Instant } from '../../shared/instant.ts'
import { isFurther, type Stage } from '../../shared/stage.ts'
import { isMet, momentOf, type Moment } from './condition.ts'
import type { Fold } from './fold.ts'
import type { Plan } from './plan.ts'

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
  return [{ from: stage, to, at, score: moment.scores().total }, ...stepsFrom(plan, fold, to, at)]
}

function furthest({ stages }: Plan, moment: Moment): Stage | null {
  for (const { stage, condition } of stages) {
    if (!isFurther(stage, moment.stage)) return null
    if (isMet(condition, moment)) return stage
  }
  return null
}
