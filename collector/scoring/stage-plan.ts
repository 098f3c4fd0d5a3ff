import type { StoredEvent } from '../../shared/event.ts'
import type { Condition, EventCondition, Model, SequenceCondition } from '../../shared/model.ts'
import { QUALIFYING, type Stage } from '../../shared/stage.ts'
import { field } from './field.ts'
import { compileWhere } from './matcher.ts'
import { traitValue, type Traits } from './trait.ts'

/** The conditions of a model's stages, made ready: what they ask of events and traits, by the leaf that asks. */
export interface StagePlan {
  /** The furthest first. */
  stages: readonly PlannedStage[]
  /** What makes somebody a candidate for sales at once. */
  fastTrack: Condition | null
  counted: ReadonlyMap<EventCondition, PlannedCount>
  sequences: ReadonlyMap<SequenceCondition, PlannedSequence>
  traits: ReadonlyMap<Condition, (traits: Traits) => boolean>
}

export interface PlannedStage {
  stage: Stage
  condition: Condition
  /** The scores that the condition asks for. What it asks not to be is no threshold to fall under. */
  thresholds: readonly Threshold[]
}

export type Threshold = Extract<Condition, { score: unknown }>

/** An event condition. What it has seen is kept by its index. */
export interface PlannedCount {
  index: number
  condition: EventCondition
  matches: (event: StoredEvent) => boolean
}

/** A sequence. Its progress is kept by its index. */
export interface PlannedSequence {
  index: number
  condition: SequenceCondition
  steps: readonly { event: string; matches: (event: StoredEvent) => boolean }[]
}

export function planStages(model: Model): StagePlan {
  const counted = new Map<EventCondition, PlannedCount>()
  const sequences = new Map<SequenceCondition, PlannedSequence>()
  const traits = new Map<Condition, (traits: Traits) => boolean>()

  // A leaf that stands in two stages is one leaf, and keeps its index.
  const collect = (condition: Condition): void => {
    if ('event' in condition) {
      const index = counted.get(condition)?.index ?? counted.size
      counted.set(condition, { index, condition, matches: compileWhere(condition.where, field) })
    } else if ('sequence' in condition) {
      const index = sequences.get(condition)?.index ?? sequences.size
      const steps = condition.sequence.map(({ event, where }) => ({ event, matches: compileWhere(where, field) }))
      sequences.set(condition, { index, condition, steps })
    } else if ('trait' in condition) {
      traits.set(condition, compileWhere(condition.trait, traitValue))
    } else {
      parts(condition).forEach(collect)
    }
  }

  const stages = QUALIFYING.toReversed().flatMap(stage => {
    const condition = model.stages[stage]
    return condition ? [{ stage, condition: cheapestFirst(condition), thresholds: thresholds(condition) }] : []
  })
  const fastTrack = model.stages.fastTrack ? cheapestFirst(model.stages.fastTrack) : null
  for (const { condition } of stages) collect(condition)
  if (fastTrack) collect(fastTrack)
  return { stages, fastTrack, counted, sequences, traits }
}

/** The conditions that a condition is made of; none for a leaf. */
export function parts(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all
  if ('any' in condition) return condition.any
  if ('not' in condition) return [condition.not]
  if ('atLeast' in condition) return condition.atLeast.of
  return []
}

function thresholds(condition: Condition): Threshold[] {
  if ('score' in condition) return [condition]
  return 'not' in condition ? [] : parts(condition).flatMap(thresholds)
}

/** The same condition, asked in an order that seldom has to work out a score. Its leaves stay the same objects. */
function cheapestFirst(condition: Condition): Condition {
  const sorted = (conditions: readonly Condition[]) =>
    conditions.map(cheapestFirst).toSorted((a, b) => Number(asksScore(a)) - Number(asksScore(b)))
  if ('all' in condition) return { all: sorted(condition.all) }
  if ('any' in condition) return { any: sorted(condition.any) }
  return condition
}

const asksScore = (condition: Condition): boolean => 'score' in condition || parts(condition).some(asksScore)
