import type { Instant } from '../../shared/instant.ts'
import type { Limits, ScoreName } from '../../shared/model.ts'
import type { Fold } from './fold.ts'
import { NOTHING, pointsAt } from './holding.ts'
import { isEventRule, type Plan, type PlannedRule } from './plan.ts'

/** Points at an instant, unrounded: of rules and groups in the model's order, and what they come to. */
export interface Scores extends Record<ScoreName, number> {
  rules: number[]
  /** Before the limits of each group. */
  groups: number[]
}

/** What a fold is worth at an instant that is not before its last event. */
export function scoreAt(plan: Plan, fold: Fold, at: Instant): Scores {
  const groups = plan.model.groups.map(() => 0)
  const rules = plan.rules.map(planned => {
    const points = rulePointsAt(planned, fold, at)
    groups[planned.group]! += points
    return points
  })
  const { total, engagement, fit } = sumUp(plan, groups)
  return { rules, groups, total, engagement, fit }
}

export function rulePointsAt(planned: PlannedRule, fold: Fold, at: Instant): number {
  if (isEventRule(planned)) return pointsAt(planned, fold.holdings[planned.index] ?? NOTHING, at)
  return planned.holds(fold.traits) ? planned.rule.points : 0
}

/** Sums up what the rules of each group come to: clamped by group, by kind, and clamped once more in all. */
export function sumUp({ model: { groups, total } }: Plan, points: ArrayLike<number>): Record<ScoreName, number> {
  let engagement = 0
  let fit = 0
  // By index: an iterator of entries would be most of what scoring leaves to the garbage collector.
  for (let index = 0; index < groups.length; index++) {
    const group = groups[index]!
    const sum = clamp(points[index] ?? 0, group)
    if (group.kind === 'engagement') engagement += sum
    else fit += sum
  }
  return { engagement, fit, total: clamp(engagement + fit, total) }
}

export const clamp = (points: number, { min = -Infinity, max = Infinity }: Limits): number =>
  Math.min(Math.max(points, min), max)
