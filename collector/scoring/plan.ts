import type { StoredEvent } from '../../shared/event.ts'
import type { Duration } from '../../shared/instant.ts'
import type {
  Condition,
  EventCondition,
  EventRule,
  Group,
  Model,
  Rule,
  SequenceCondition,
  TraitRule,
} from '../../shared/model.ts'
import { STAGES, type Stage } from '../../shared/stage.ts'
import { calendar } from './day.ts'
import { halfLife } from './decay.ts'
import { field } from './field.ts'
import { FORM, isRecognisedForm } from './form.ts'
import { attainable, type Attainable } from './grade.ts'
import { compileWhere } from './matcher.ts'
import { traitValue, type Traits } from './trait.ts'

/** A model made ready: everything that can be found out before the first event comes. */
export interface Plan {
  model: Model
  groups: readonly Group[]
  /** In the model's order; holdings are kept by this index. */
  rules: readonly PlannedRule[]
  /** What listens to which type of event. */
  listeners: ReadonlyMap<string, Listeners>
  /** Event and sequence leaves of the stages' conditions; tallies are kept by their index. */
  leaves: ReadonlyMap<Condition, PlannedLeaf>
  /** Stages that the model describes, the furthest first. */
  stages: readonly { stage: Stage; condition: Condition }[]
  attainable: Attainable
  day: (at: number) => number
}

export type PlannedRule = PlannedEventRule | PlannedTraitRule

interface Planned {
  index: number
  /** Index of its group. */
  group: number
}

export interface PlannedEventRule extends Planned {
  rule: EventRule
  /** Whether an event of the right type is meant. */
  matches: (event: StoredEvent) => boolean
  /** Endless for points that never fade. */
  halfLife: Duration
}

export interface PlannedTraitRule extends Planned {
  rule: TraitRule
  holds: (traits: Traits) => boolean
}

/** A condition that remembers events: its steps, of which an event condition has one. */
export interface PlannedLeaf {
  index: number
  condition: EventCondition | SequenceCondition
  steps: { event: string; matches: (event: StoredEvent) => boolean }[]
}

export interface Listeners {
  rules: PlannedEventRule[]
  reversals: PlannedEventRule[]
  leaves: PlannedLeaf[]
}

const plans = new WeakMap<Model, Plan>()

/** The plan of a model, made once for each model object. */
export function planOf(model: Model): Plan {
  const known = plans.get(model)
  if (known) return known
  const plan = makePlan(model)
  plans.set(model, plan)
  return plan
}

/** What listens to an event: whatever names its type and, for a recognised form, whatever names any form. */
export function listenersTo({ listeners }: Plan, event: StoredEvent): Listeners[] {
  const own = listeners.get(event.type)
  const forms = isRecognisedForm(event) ? listeners.get(FORM) : undefined
  if (own) return forms ? [own, forms] : [own]
  return forms ? [forms] : []
}

export const isEventRule = (rule: PlannedRule): rule is PlannedEventRule => 'on' in rule.rule

function makePlan(model: Model): Plan {
  const rules = model.rules.map((rule, index) => planRule(model, rule, index))
  const stages = STAGES.toReversed().flatMap(stage => {
    const condition = stage === 'visitor' ? undefined : model.stages[stage]
    return condition ? [{ stage, condition: cheapestFirst(condition) }] : []
  })
  const leaves = new Map<Condition, PlannedLeaf>()
  for (const { condition } of stages) collectLeaves(condition, leaves)
  return {
    model,
    groups: model.groups,
    rules,
    listeners: listen(rules.filter(isEventRule), [...leaves.values()]),
    leaves,
    stages,
    attainable: attainable(model),
    day: calendar(model.timezone),
  }
}

function planRule({ groups }: Model, rule: Rule, index: number): PlannedRule {
  const group = groups.findIndex(({ id }) => id === rule.group)
  if ('trait' in rule) return { index, group, rule, holds: compileWhere(rule.trait, traitValue) }
  return { index, group, rule, matches: compileWhere(rule.where, field), halfLife: halfLife(rule.halfLifeDays) }
}

function listen(rules: readonly PlannedEventRule[], leaves: readonly PlannedLeaf[]): Map<string, Listeners> {
  const listeners = new Map<string, Listeners>()
  const on = (type: string): Listeners => {
    const found = listeners.get(type) ?? { rules: [], reversals: [], leaves: [] }
    listeners.set(type, found)
    return found
  }
  for (const planned of rules) {
    on(planned.rule.on).rules.push(planned)
    if (planned.rule.reversedBy) on(planned.rule.reversedBy.on).reversals.push(planned)
  }
  for (const leaf of leaves) {
    for (const type of new Set(leaf.steps.map(step => step.event))) on(type).leaves.push(leaf)
  }
  return listeners
}

function collectLeaves(condition: Condition, leaves: Map<Condition, PlannedLeaf>): void {
  if ('event' in condition) planLeaf(condition, [condition], leaves)
  else if ('sequence' in condition) planLeaf(condition, condition.sequence, leaves)
  else for (const part of parts(condition)) collectLeaves(part, leaves)
}

function planLeaf(
  condition: EventCondition | SequenceCondition,
  steps: SequenceCondition['sequence'],
  leaves: Map<Condition, PlannedLeaf>,
): void {
  const compiled = steps.map(({ event, where }) => ({ event, matches: compileWhere(where, field) }))
  leaves.set(condition, { index: leaves.size, condition, steps: compiled })
}

/** The conditions that a condition is made of; none for a leaf. */
export function parts(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all
  if ('any' in condition) return condition.any
  if ('not' in condition) return [condition.not]
  if ('atLeast' in condition) return condition.atLeast.of
  return []
}

/** The same condition, asked in an order that seldom has to work out a score. Leaves stay the same objects. */
function cheapestFirst(condition: Condition): Condition {
  const sorted = (conditions: readonly Condition[]) =>
    conditions.map(cheapestFirst).toSorted((a, b) => Number(asksScore(a)) - Number(asksScore(b)))
  if ('all' in condition) return { all: sorted(condition.all) }
  if ('any' in condition) return { any: sorted(condition.any) }
  return condition
}

const asksScore = (condition: Condition): boolean => 'score' in condition || parts(condition).some(asksScore)
