import type { Condition, Model } from '../../shared/model.ts'
import type { QualifyingStage } from '../../shared/stage.ts'

/** The total that a stage asks for, where it asks for one. */
export function thresholdOf({ stages }: Model, stage: QualifyingStage): number | null {
  const condition = stages[stage]
  return condition ? total(condition) : null
}

function total(condition: Condition): number | null {
  if ('score' in condition) return condition.score === 'total' ? condition.gte : null
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : []
  return parts.map(total).find(found => found !== null) ?? null
}
