import type { Instant } from '../../shared/instant.ts'
import type { Condition, EventCondition } from '../../shared/model.ts'
import { isFurther, type Stage } from '../../shared/stage.ts'
import type { Fold } from './fold.ts'
import type { Plan } from './plan.ts'
import { scoreAt, type Scores } from './score.ts'
import { countSeen, NOT_SEEN, type Seen } from './seen.ts'
import { traitValue } from './trait.ts'

/** A person at an instant, as conditions ask about them. */
export interface Moment {
  plan: Plan
  fold: Fold
  stage: Stage
  at: Instant
  /** Worked out when first asked for. */
  scores: () => Scores
}

/**
 * What conditions ask: of a recycled person only what has happened since, for events and points of before are spent. What
 * is known of the person stays known.
 */
export const openFold = (fold: Fold): Fold => (fold.recycled ? { ...fold.recycled.since, traits: fold.traits } : fold)

/** Thresholds and events as conditions see them. */
export function momentOf(plan: Plan, whole: Fold, stage: Stage, at: Instant): Moment {
  const fold = openFold(whole)
  let scores: Scores | null = null
  return { plan, fold, stage, at, scores: () => (scores ??= scoreAt(plan, fold, at)) }
}

/** Whether a condition is true of a person at an instant. Thresholds test the unrounded score. */
export function isMet(condition: Condition, moment: Moment): boolean {
  const { plan, fold, stage } = moment
  if ('all' in condition) return condition.all.every(part => isMet(part, moment))
  if ('any' in condition) return condition.any.some(part => isMet(part, moment))
  if ('not' in condition) return !isMet(condition.not, moment)
  if ('atLeast' in condition) {
    const { n, of } = condition.atLeast
    return of.filter(part => isMet(part, moment)).length >= n
  }
  if ('known' in condition) return traitValue(fold.traits, condition.known) !== null
  if ('trait' in condition) return plan.traits.get(condition)?.(fold.traits) ?? false
  if ('stage' in condition) return !isFurther(condition.stage, stage)
  if ('score' in condition) return moment.scores()[condition.score] >= condition.gte
  if ('event' in condition) return countOf(condition, moment) >= (condition.count ?? 1)
  return fold.sequences[plan.sequences.get(condition)?.index ?? -1] === true
}

/** How many of the events that a condition asks for have happened, at most as many as it asks for. */
export function countOf(condition: EventCondition, moment: Moment): number {
  return countSeen(condition, seenBy(condition, moment), moment.at)
}

export const seenBy = (condition: EventCondition, { plan, fold }: Moment): Seen =>
  fold.seen[plan.counted.get(condition)?.index ?? -1] ?? NOT_SEEN
