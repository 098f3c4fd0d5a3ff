import type { Instant } from './instant.ts'
import type { ProfilingStop } from './person.ts'

/** Where every point comes from. Σ rules.points + Σ clamps.points = score, to 1e-9. */
export interface Explanation {
  score: number
  engagement: number
  fit: number
  grade: string
  /** Version of the model. */
  model: number
  at: Instant
  /** Rules that hold points now, and those that held any. */
  rules: RulePoints[]
  /** What the limits of groups and of the total took (negative) or gave (positive). */
  clamps: { scope: 'group' | 'total'; id: string; before: number; after: number; points: number }[]
  /** score − (Σ rules + Σ clamps). */
  residual: number
  /** The unmet parts of the next stage's condition. */
  missing: { stage: string; needs: string[] } | null
  coolsAt: Instant | null
  /** Share of what fit asks for that is known, by points: 0 to 1. */
  coverage?: number
  /** Why there is no score at the instant: then the numbers are 0 and mean nothing. */
  profilingStopped?: ProfilingStop
}

export interface RulePoints {
  rule: string
  group: string
  /** What the rule is worth at the instant: Σ events.points (fit rules have no events). */
  points: number
  /** Matching events, and how many of them the rule's limit admitted. */
  matched: number
  admitted: number
  events: EventPoints[]
}

export interface EventPoints {
  id: string
  type: string
  /** Event time. */
  at: Instant
  /** What the rule gave for it before the cap. */
  raw: number
  /** What the cap took at that moment, as a negative number; 0 when nothing. */
  capped: number
  /** What is left of it now: (raw + capped) · multiplier. */
  points: number
  /** 2^(−age/half-life). */
  multiplier: number
  reversed?: true
}
