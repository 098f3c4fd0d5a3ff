import type { Instant } from '../../shared/instant.ts'
import type { Limits, ScoreName } from '../../shared/model.ts'
import type { Fold } from './fold.ts'
import { NOTHING, pointsAt } from './holding.ts'
import { isEventRule, type Plan } from './plan.ts'

/** Points at an instant, unrounded: of the rules and groups in the model's order, and what they come to. */
export interface Scores extends Record<ScoreName, number> {
  rules: number[]
  groups: { before: number; after: number }[]
}

/** What a fold is worth at an instant that is not before its last event. */
export function scoreAt(plan: Plan, fold: Fold, at: Instant): Scores {
  const groups = plan.groups.map(() => ({ before: 0, after: 0 }))
  const rules = plan.rules.map(planned => {
    const points = isEventRule(planned)
      ? pointsAt(planned, fold.holdings[planned.index] ?? NOTHING, at)
      : planned.holds(fold.traits)
        ? planned.rule.points
        : 0
    const group = groups[planned.group]
    if (group) group.before += points
    return points
  })
  return { rules, groups, ...sumUp(plan, groups) }
}

/** Clamps what the rules of each group come to, and sums up: the groups of each kind, and the total. */
export function sumUp(plan: Plan, groups: { before: number; after: number }[]): Record<ScoreName, number> {
  const kinds = { engagement: 0, fit: 0 }
  plan.groups.forEach((group, index) => {
    const sum = groups[index]!
    sum.after = clamp(sum.before, group)
    kinds[group.kind] += sum.after
  })
  return { ...kinds, total: clamp(kinds.engagement + kinds.fit, plan.model.total) }
}

const clamp = (points: number, { min = -Infinity, max = Infinity }: Limits): number =>
  Math.min(Math.max(points, min), max)
