import type { Condition, Model, Rule, ScoreName } from '../../shared/model.ts'

/** Other points for a rule; 0 takes the rule out of the model. */
export interface Adoption {
  rule: string
  points: number
  halfLifeDays?: number | null
}

/** What one match of a rule is worth now. */
export const pointsOf = ({ points }: Rule): number => (typeof points === 'number' ? points : points.points)

/** The model with other points. Caps and maxima stay as many matches as they were. */
export function adopt(model: Model, adoptions: readonly Adoption[]): Model {
  const changes = new Map(adoptions.map(adoption => [adoption.rule, adoption]))
  return {
    ...model,
    rules: model.rules.flatMap((rule): Rule[] => {
      const change = changes.get(rule.id)
      if (!change) return [rule]
      return change.points === 0 ? [] : [changed(rule, change)]
    }),
  }
}

function changed(rule: Rule, { points, halfLifeDays }: Adoption): Rule {
  if ('trait' in rule) return { ...rule, points }
  const times = points / pointsOf(rule)
  const { points: before, cap, ...rest } = rule
  const measured = typeof before === 'number' ? null : before
  return {
    ...rest,
    points: measured
      ? { ...measured, points, ...(measured.max !== undefined && { max: measured.max * times }) }
      : points,
    ...(cap !== undefined && { cap: cap * times }),
    ...(halfLifeDays !== undefined && { halfLifeDays }),
  }
}

/** The model whose condition for MQL asks for another value of a score: where it asks for that score now, or else besides. */
export function withThreshold(model: Model, score: ScoreName, gte: number): Model {
  let found = false
  const put = (condition: Condition): Condition => {
    if ('score' in condition && condition.score === score) {
      found = true
      return { score, gte }
    }
    if ('all' in condition) return { all: condition.all.map(put) }
    if ('any' in condition) return { any: condition.any.map(put) }
    if ('atLeast' in condition) return { atLeast: { ...condition.atLeast, of: condition.atLeast.of.map(put) } }
    return condition
  }
  const before = model.stages.mql
  const mql = before && put(before)
  const asked: Condition = { score, gte }
  return { ...model, stages: { ...model.stages, mql: !mql ? asked : found ? mql : { all: [mql, asked] } } }
}
