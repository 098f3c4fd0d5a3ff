import type { Model, Rule, ScoreName } from '../../shared/model.ts'
import { clamp } from './score.ts'

/** What one event, or the trait, is worth: of a measured one the most, or what one unit gives when there is no most. */
export const worthOf = ({ points }: Rule): number =>
  typeof points === 'number' ? points : (points.max ?? points.points)

/** The highest that each score can ever come to, however much happens; endless where nothing limits it. */
export function reach({ groups, rules, total }: Model): Record<ScoreName, number> {
  const of = (kind: 'engagement' | 'fit'): number =>
    groups
      .filter(group => group.kind === kind)
      .map(group => {
        const own = rules.filter(rule => rule.group === group.id)
        return clamp(
          own.reduce((sum, rule) => sum + mostOf(rule), 0),
          group,
        )
      })
      .reduce((sum, points) => sum + points, 0)
  const [engagement, fit] = [of('engagement'), of('fit')]
  return { engagement, fit, total: clamp(engagement + fit, total) }
}

function mostOf(rule: Rule): number {
  const worth = worthOf(rule)
  if (worth < 0) return 0
  if ('trait' in rule) return worth
  const isFinite = typeof rule.points === 'number' || rule.points.max !== undefined
  const { limit, cap = Infinity } = rule
  const admitted = limit?.per === 'ever' && limit.key === undefined && isFinite ? limit.n : Infinity
  return Math.min(cap, worth * admitted)
}
