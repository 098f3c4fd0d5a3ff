import type { Condition, Model, Rule, ScoreName, Warning, Where } from '../../shared/model.ts'
import { contradiction } from './contradiction.ts'
import { meantEvent } from './known-events.ts'
import { reach, worthOf } from './reach.ts'

/**
 * What in a model is allowed and probably not meant: thresholds that nobody can reach, rules that never fire or hold less
 * than they say, names with a slip in them. For a model that `readModel` has passed; each in words for a marketer.
 */
export function lint(model: Model): Warning[] {
  const most = reach(model)
  return [
    ...model.rules.flatMap((rule, index) => lintRule(model, rule, `/rules/${index}`)),
    ...model.labels.flatMap((label, index) => tooHigh(most, label, `/labels/${index}/gte`)),
    ...Object.entries(model.stages).flatMap(([stage, condition]) => lintCondition(most, condition, `/stages/${stage}`)),
  ]
}

function lintRule(model: Model, rule: Rule, place: string): Warning[] {
  const warnings = [...lintWorth(rule, place), ...lintGroup(model, rule, place)]
  if ('trait' in rule) return [...warnings, ...impossible(rule.trait, `${place}/trait`, 'This rule can never apply')]
  const { on, where, reversedBy } = rule
  return [
    ...slip(on, `${place}/on`),
    ...(reversedBy ? slip(reversedBy.on, `${place}/reversedBy/on`) : []),
    ...impossible(where, `${place}/where`, 'This rule can never fire'),
    ...warnings,
  ]
}

/** A cap under what one event is worth makes the points a fiction; one that is never reached does nothing. */
function lintWorth(rule: Rule, place: string): Warning[] {
  if ('trait' in rule || rule.cap === undefined) return []
  const { cap, limit } = rule
  const worth = worthOf(rule)
  const pointer = `${place}/cap`
  if (Math.abs(cap) < Math.abs(worth))
    return [
      {
        pointer,
        detail: `One event is worth ${worth}, but the cap never lets the rule hold more than ${cap}: make them equal.`,
      },
    ]
  if (limit?.per === 'ever' && limit.key === undefined && Math.abs(limit.n * worth) < Math.abs(cap))
    return [{ pointer, detail: `The limit admits ${limit.n} at ${worth} points: the cap of ${cap} is never reached.` }]
  return []
}

/** What the limits of its group leave of a rule. */
function lintGroup({ groups, rules }: Model, rule: Rule, place: string): Warning[] {
  const group = groups.find(({ id }) => id === rule.group)
  if (!group) return []
  const { id, min = -Infinity, max = Infinity } = group
  const worth = worthOf(rule)
  const pointer = `${place}/points`
  if (worth > 0 && max <= 0)
    return [{ pointer, detail: `The group ${id} never holds more than ${max}, so that these points never show.` }]
  if (worth < 0 && min >= 0 && rules.every(other => other.group !== id || worthOf(other) < 0))
    return [{ pointer, detail: `The group ${id} never holds less than ${min}, so that these points never show.` }]
  if (worth > max)
    return [
      {
        pointer,
        detail: `Worth ${worth}, but the group ${id} never holds more than ${max}: the limit hides the rest.`,
      },
    ]
  if (worth < min && min < 0)
    return [
      {
        pointer,
        detail: `Worth ${worth}, but the group ${id} never holds less than ${min}: the limit hides the rest.`,
      },
    ]
  return []
}

function lintCondition(most: Record<ScoreName, number>, condition: Condition, place: string): Warning[] {
  const inside = (conditions: readonly Condition[], key: string) =>
    conditions.flatMap((part, index) => lintCondition(most, part, `${place}/${key}/${index}`))
  if ('all' in condition) return inside(condition.all, 'all')
  if ('any' in condition) return inside(condition.any, 'any')
  if ('not' in condition) return lintCondition(most, condition.not, `${place}/not`)
  if ('atLeast' in condition) {
    const { n, of } = condition.atLeast
    const detail = `Asks for ${n} of ${of.length}: that is never met.`
    return [...(n > of.length ? [{ pointer: `${place}/atLeast/n`, detail }] : []), ...inside(of, 'atLeast/of')]
  }
  if ('score' in condition) return tooHigh(most, condition, `${place}/gte`)
  const never = 'This is never met'
  if ('trait' in condition) return impossible(condition.trait, `${place}/trait`, never)
  if ('event' in condition)
    return [...slip(condition.event, `${place}/event`), ...impossible(condition.where, `${place}/where`, never)]
  if ('sequence' in condition)
    return condition.sequence.flatMap(({ event, where }, index) => {
      const step = `${place}/sequence/${index}`
      return [...slip(event, `${step}/event`), ...impossible(where, `${step}/where`, never)]
    })
  return []
}

function tooHigh(most: Record<ScoreName, number>, { score, gte }: { score: ScoreName; gte: number }, pointer: string) {
  if (gte <= most[score]) return []
  const kind = score === 'total' ? 'A score' : `A score for ${score}`
  const detail = `${kind} of ${gte} is never reached: rules, caps and limits together allow ${most[score]} at most.`
  return [{ pointer, detail }]
}

function slip(name: string, pointer: string): Warning[] {
  const meant = meantEvent(name)
  return meant === null
    ? []
    : [{ pointer, detail: `No event of the name "${name}" is known; did you mean "${meant}"?` }]
}

function impossible(where: Where | undefined, place: string, never: string): Warning[] {
  return Object.entries(where ?? {}).flatMap(([name, matcher]) => {
    const reason = contradiction(name, matcher)
    return reason === null ? [] : [{ pointer: `${place}/${name}`, detail: `${never}: ${reason}` }]
  })
}
