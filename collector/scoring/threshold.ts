import type { Condition, Model, ScoreName } from '../../shared/model.ts'
import type { QualifyingStage } from '../../shared/stage.ts'

/** How much of a score a stage asks for, where it asks for it. */
export function thresholdOf({ stages }: Model, stage: QualifyingStage, score: ScoreName = 'total'): number | null {
  const asked = (condition: Condition): number | null => {
    if ('score' in condition) return condition.score === score ? condition.gte : null
    const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : []
    return parts.map(asked).find(found => found !== null) ?? null
  }
  const condition = stages[stage]
  return condition ? asked(condition) : null
}
