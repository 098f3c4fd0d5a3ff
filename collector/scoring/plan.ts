import type { StoredEvent } from '../../shared/event.ts'
import type { Duration, Instant } from '../../shared/instant.ts'
import type { EventRule, Model, Rule, TraitRule } from '../../shared/model.ts'
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
  /** In the model's order. What an event rule holds is kept by this index. */
  rules: readonly PlannedRule[]
  /** What listens to which type of event. */
  listeners: ReadonlyMap<string, Listeners>
  /** The same for events that are recognised forms. */
  formListeners: ReadonlyMap<string, Listeners>
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
  rules: readonly PlannedEventRule[]
  /** Rules that the event may take something out of. */
  reversals: readonly PlannedEventRule[]
  counted: readonly PlannedCount[]
  sequences: readonly PlannedSequence[]
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
export function listenersTo({ listeners, formListeners }: Plan, event: StoredEvent): Listeners {
  const heard = isRecognisedForm(event)
    ? (formListeners.get(event.type) ?? listeners.get(FORM))
    : listeners.get(event.type)
  return heard ?? NOBODY
}

export const isEventRule = (planned: PlannedRule): planned is PlannedEventRule => 'on' in planned.rule

function makePlan(model: Model): Plan {
  const rules = model.rules.map((rule, index) => planRule(model, rule, index))
  const stages = planStages(model)
  const listeners = listen(rules.filter(isEventRule), stages)
  const forms = listeners.get(FORM) ?? NOBODY
  return {
    ...stages,
    model,
    rules,
    listeners,
    formListeners: new Map(Array.from(listeners, ([type, own]) => [type, together(own, forms)])),
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
  const listenTo = (type: string, listener: Partial<Listeners>) =>
    listeners.set(type, together(listeners.get(type) ?? NOBODY, { ...NOBODY, ...listener }))
  for (const planned of rules) {
    listenTo(planned.rule.on, { rules: [planned] })
    if (planned.rule.reversedBy) listenTo(planned.rule.reversedBy.on, { reversals: [planned] })
  }
  for (const planned of counted.values()) listenTo(planned.condition.event, { counted: [planned] })
  for (const planned of sequences.values()) {
    for (const { event } of planned.steps) listenTo(event, { sequences: [planned] })
  }
  return listeners
}

const NOBODY: Listeners = { rules: [], reversals: [], counted: [], sequences: [] }

/** Each once: what listens to an event twice over must not hear it twice. */
function together(a: Listeners, b: Listeners): Listeners {
  return {
    rules: [...new Set([...a.rules, ...b.rules])],
    reversals: [...new Set([...a.reversals, ...b.reversals])],
    counted: [...new Set([...a.counted, ...b.counted])],
    sequences: [...new Set([...a.sequences, ...b.sequences])],
  }
}
