import type { StoredEvent } from '../../shared/event.ts'
import type { Duration, Instant } from '../../shared/instant.ts'
import type { EventRule, Group, Model, Rule, TraitRule } from '../../shared/model.ts'
import { calendar } from './day.ts'
import { halfLife } from './decay.ts'
import { field } from './field.ts'
import { FORM, isRecognisedForm } from './form.ts'
import { attainable, type Attainable } from './grade.ts'
import { compileWhere } from './matcher.ts'
import { planStages, type PlannedCount, type PlannedSequence, type StagePlan } from './stage-plan.ts'
import { traitValue, type Traits } from './trait.ts'

/** A model made ready: everything that can be found out before the first event comes. */
export interface Plan extends StagePlan {
  model: Model
  groups: readonly Group[]
  /** In the model's order. What an event rule holds is kept by this index. */
  rules: readonly PlannedRule[]
  /** What listens to which type of event. */
  listeners: ReadonlyMap<string, Listeners>
  attainable: Attainable
  /** The calendar day of an instant in the model's time zone, as a number. */
  day: (at: Instant) => number
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

export interface Listeners {
  rules: PlannedEventRule[]
  /** Rules that the event may take something out of. */
  reversals: PlannedEventRule[]
  counted: PlannedCount[]
  sequences: PlannedSequence[]
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

export const isEventRule = (planned: PlannedRule): planned is PlannedEventRule => 'on' in planned.rule

function makePlan(model: Model): Plan {
  const rules = model.rules.map((rule, index) => planRule(model, rule, index))
  const stages = planStages(model)
  return {
    ...stages,
    model,
    groups: model.groups,
    rules,
    listeners: listen(rules.filter(isEventRule), stages),
    attainable: attainable(model),
    day: calendar(model.timezone),
  }
}

function planRule({ groups }: Model, rule: Rule, index: number): PlannedRule {
  const group = groups.findIndex(({ id }) => id === rule.group)
  if ('trait' in rule) return { index, group, rule, holds: compileWhere(rule.trait, traitValue) }
  return { index, group, rule, matches: compileWhere(rule.where, field), halfLife: halfLife(rule.halfLifeDays) }
}

function listen(rules: readonly PlannedEventRule[], { counted, sequences }: StagePlan): Map<string, Listeners> {
  const listeners = new Map<string, Listeners>()
  const to = (type: string): Listeners => {
    const found = listeners.get(type) ?? { rules: [], reversals: [], counted: [], sequences: [] }
    listeners.set(type, found)
    return found
  }
  for (const planned of rules) {
    to(planned.rule.on).rules.push(planned)
    if (planned.rule.reversedBy) to(planned.rule.reversedBy.on).reversals.push(planned)
  }
  for (const planned of counted.values()) to(planned.condition.event).counted.push(planned)
  for (const planned of sequences.values()) {
    for (const type of new Set(planned.steps.map(({ event }) => event))) to(type).sequences.push(planned)
  }
  return listeners
}
