import type { Provenance } from './event.ts'
import type { Instant } from './instant.ts'
import type { Json } from './json.ts'
import type { Stage, Transition } from './stage.ts'
import type { Touch } from './touch.ts'

/** A fact about a person, and when it became known. */
export interface Trait {
  value: Json
  at: Instant
  provenance: Provenance
}

/** What a person has come to, ready to be listed, filtered and sorted. */
export interface Profile {
  score: number
  engagement: number
  fit: number
  /** Fit A–D by engagement 1–4: `B2`. */
  grade: string
  traits: Record<string, Trait>
  firstTouch: Touch | null
  /** The last touch that was not direct, else the first. */
  lastTouch: Touch | null
  /** Event times; `null` for a person of whom only weak events are known. */
  firstSeen: Instant | null
  lastSeen: Instant | null
  visits: number
  engagedMs: number
  /** When decay alone takes the score under the threshold of the stage; `null` when it never does or is not above. */
  coolsAt: Instant | null
  /** The next instant at which time alone may change label or stage; until then nobody need look. `null`: never. */
  flipsAt: Instant | null
  /** Ids of the model's labels that the person bears. */
  labels: string[]
  /** Since when a fast-track event has asked for sales, while nobody has accepted or turned it down. */
  candidateSince: Instant | null
  /** Rules by points, the largest first, at most three. */
  topReasons: { rule: string; points: number }[]
}

/** Why nobody may score a person. Closed list. */
export const STOP_REASONS = ['objection', 'consent_withdrawn'] as const

/** From this instant on a person has no score, no label and no further stage by themselves. */
export interface ProfilingStop {
  at: Instant
  reason: (typeof STOP_REASONS)[number]
}

/** Where a person stands before new events are judged. */
export interface Standing {
  stage: Stage
  stageSince: Instant | null
  /** When the person was last recycled; then conditions ask only what has happened since. */
  recycledAt?: Instant | null
  /** Since when, and why, the person may not be scored. */
  profilingStopped?: ProfilingStop | null
  /** What the fold remembers, as the last verdict left it; `null` starts from nothing. */
  fold: Json
}

/** A score that somebody gave by hand: shown beside the machine's, never mixed into it. */
export interface ManualScore {
  score: number
  /** Id of the key that it was given with. */
  author: string
  reason: string
  at: Instant
  /** When it ends; `null`: when somebody takes it back. */
  until: Instant | null
}

/** What judging came to: the new standing, what to show for it, and the steps taken on the way. */
export interface Verdict {
  standing: Standing
  profile: Profile
  transitions: Transition[]
}
