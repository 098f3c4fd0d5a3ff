import type { Model } from '../../shared/model.ts'
import { Refusal } from '../../shared/refusal.ts'
import { isObject, type Place } from './document.ts'
import { modelCheck } from './model-check.ts'
import { references } from './reference-check.ts'

/**
 * A model document, checked and with its defaults filled in; a copy, which nobody else can change.
 * Throws a `Refusal` that lists every wrong place, in words for the marketer who wrote it.
 */
export function readModel(given: unknown): Model {
  // Editors look there for the schema.
  const { $schema: _, ...own } = isObject(given) ? given : {}
  const document = isObject(given) ? own : given
  const root: Place = { pointer: '', errors: [] }
  modelCheck(document, root)
  references(document, root)
  const { errors } = root
  if (errors.length > 0) {
    const places = errors.length === 1 ? 'one place' : `${errors.length} places`
    throw new Refusal('invalid', `The model is wrong in ${places}.`, errors)
  }
  const copy = JSON.parse(JSON.stringify(document)) as Partial<Model>
  return { timezone: 'UTC', total: {}, labels: [], stages: {}, ...copy } as Model
}
