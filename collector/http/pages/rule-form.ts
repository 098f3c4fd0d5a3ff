import { fieldsOf, PER, RULE_FIELDS, type RuleField } from '../../dashboard/scoring/edit.ts'
import type { Model, Rule } from '../../../shared/model.ts'
import { text } from '../query.ts'

/** Rules that a model can have at most. */
export const MAX_RULES = 200

const NAMES = Object.keys(RULE_FIELDS) as RuleField[]

/** The fields of the form, by their names: `points-0`, `half-life-0`, … */
export const RULE_FORM: Record<string, typeof text> = Object.fromEntries(
  Array.from({ length: MAX_RULES }, (_, index) => NAMES.map(name => [`${name}-${index}`, text])).flat(),
)

/** A document with what the form says of its rules; what the form does not show stays. To be checked by `readModel`. */
export function withRules(document: Model, given: Readonly<Record<string, string>>): unknown {
  const rules = document.rules.map((rule, index) => {
    const field = (name: RuleField): string => given[`${name}-${index}`] ?? ''
    return withFields(rule, fieldsOf(rule), field)
  })
  return { ...document, rules }
}

function withFields(rule: Rule, fields: readonly RuleField[], field: (name: RuleField) => string): object {
  const fresh: Record<string, unknown> = { ...rule }
  const set = (name: string, value: unknown): void => {
    if (value === undefined) delete fresh[name]
    else fresh[name] = value
  }
  if (fields.includes('points')) set('points', numberOf(field('points')))
  if (!('on' in rule)) return fresh
  const n = numberOf(field('limit'))
  const per = PER.find(known => known === field('per')) ?? 'day'
  set('halfLifeDays', numberOf(field('half-life')) ?? (rule.halfLifeDays === null ? null : undefined))
  set('limit', n === undefined ? undefined : { ...rule.limit, n, per })
  set('cap', numberOf(field('cap')))
  return fresh
}

/** A text that is no number stays one, for the check of the model to say so. */
function numberOf(given: string): number | string | undefined {
  const trimmed = given.trim()
  if (trimmed === '') return undefined
  const number = Number(trimmed)
  return Number.isFinite(number) ? number : trimmed
}
