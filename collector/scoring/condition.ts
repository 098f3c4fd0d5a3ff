import type { Instant } from '../../shared/instant.ts'
import type { Condition } from '../../shared/model.ts'
import { isFurther, type Stage } from '../../shared/stage.ts'
import type { Fold } from './fold.ts'
import { compileWhere } from './matcher.ts'
import type { Plan } from './plan.ts'
import { scoreAt, type Scores } from './score.ts'
import type { Tally } from './tally.ts'
import { isTallied } from './tally.ts'
import { traitValue } from './trait.ts'

/** A person at an instant, as conditions ask about them. */
export interface Moment {
  at: Instant
  stage: Stage
  fold: Fold
  /** Worked out when first asked for. */
  scores: () => Scores
  tally: (leaf: Condition) => Tally | null
}

export function momentOf(plan: Plan, fold: Fold, stage: Stage, at: Instant): Moment {
  let scores: Scores | null = null
  return {
    at,
    stage,
    fold,
    scores: () => (scores ??= scoreAt(plan, fold, at)),
    tally: leaf => fold.tallies[plan.leaves.get(leaf)?.index ?? -1] ?? null,
  }
}

/** Whether a condition is true of a person at an instant. Thresholds test the unrounded score. */
export function isMet(condition: Condition, moment: Moment): boolean {
  if ('all' in condition) return condition.all.every(part => isMet(part, moment))
  if ('any' in condition) return condition.any.some(part => isMet(part, moment))
  if ('not' in condition) return !isMet(condition.not, moment)
  if ('atLeast' in condition) {
    const { n, of } = condition.atLeast
    return of.filter(part => isMet(part, moment)).length >= n
  }
  if ('known' in condition) return traitValue(moment.fold.traits, condition.known) !== null
  if ('trait' in condition) return compileWhere(condition.trait, traitValue)(moment.fold.traits)
  if ('stage' in condition) return !isFurther(condition.stage, moment.stage)
  if ('score' in condition) return moment.scores()[condition.score] >= condition.gte
  return isTallied(condition, moment.tally(condition), moment.at)
}
