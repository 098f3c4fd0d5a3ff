import type { Model } from '../../shared/model.ts'

const without = new WeakMap<Model, Model>()

/** The model for somebody who may not be scored: no rules, labels or stages. What is merely known stays known. */
export function unscored(model: Model): Model {
  const known = without.get(model)
  if (known) return known
  const bare: Model = { ...model, rules: [], labels: [], stages: {} }
  without.set(model, bare)
  return bare
}
