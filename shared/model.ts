import type { QualifyingStage, Stage } from './stage.ts'

/** Something in a model that is allowed, and probably not meant. */
export interface Warning {
  /** JSON pointer into the document. */
  pointer: string
  detail: string
}

/** When is what worth how many points: groups, rules, labels and stage conditions. A published version never changes. */
export interface Model {
  name: string
  /** IANA zone in which a `day` limit begins at midnight. */
  timezone: string
  groups: Group[]
  rules: Rule[]
  total: Limits
  labels: Label[]
  /** When a stage is reached; `fastTrack`: when somebody asks for sales at once, whatever their stage. */
  stages: Partial<Record<QualifyingStage | 'fastTrack', Condition>>
}

export interface Limits {
  min?: number
  max?: number
}

/** Rules with a common limit. */
export interface Group extends Limits {
  id: string
  kind: 'engagement' | 'fit'
}

export type Rule = EventRule | TraitRule

/** Points for something that happened. */
export interface EventRule {
  id: string
  group: string
  /** The event type. `form_submit` also matches forms that the collector recognised as a contact, a quote, … */
  on: string
  where?: Where
  points: number | Measured
  /** Admit at most `n` events per bucket; with `key`, per value of that field in the bucket. */
  limit?: { n: number; per: 'visit' | 'day' | 'ever'; key?: string }
  /** Days after which half is left; `null` or absent never decays. */
  halfLifeDays?: number | null
  /** Most (or, for negative points, least) that the rule ever holds. */
  cap?: number
  /** A later event that takes the matching one out again, first in, first out. */
  reversedBy?: { on: string; match: string[] }
}

/** Points for each full `per` units of a numeric property, at most `max`. */
export interface Measured {
  per: number
  of: string
  points: number
  max?: number
}

/** Points for what a person is. Counts while it is true; no decay. */
export interface TraitRule {
  id: string
  group: string
  trait: Where
  points: number
}

/** Every named field must match. */
export type Where = Record<string, Matcher>

type Scalar = string | number | boolean | null

/** A literal means equal. No regular expressions: a pattern must never be able to stall the collector. */
export type Matcher =
  | Scalar
  | {
      eq?: Scalar
      ne?: Scalar
      in?: Scalar[]
      prefix?: string
      suffix?: string
      contains?: string
      glob?: string
      gt?: number
      gte?: number
      lt?: number
      lte?: number
      exists?: boolean
    }

export type ScoreName = 'total' | 'engagement' | 'fit'

/** A name for a score at or above a value: hot, warm. Put off only when the score has been a fifth under it for 24 hours. */
export interface Label {
  id: string
  score: ScoreName
  gte: number
}

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { atLeast: { n: number; of: Condition[] } }
  | { score: ScoreName; gte: number }
  | { known: string }
  | { trait: Where }
  | { stage: Stage }
  | EventCondition
  | SequenceCondition

/** At least `count` (default 1) such events, within so many days before now if given, with distinct values of a field if given. */
export interface EventCondition {
  event: string
  where?: Where
  count?: number
  /** Days. */
  within?: number
  distinct?: string
}

/** These events in this order, all within so many days of the first, with the same value of `sameKey` if given. */
export interface SequenceCondition {
  sequence: { event: string; where?: Where }[]
  /** Days. */
  within?: number
  sameKey?: string
}
