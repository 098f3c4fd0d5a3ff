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
  /** Rules by points, the largest first, at most three. */
  topReasons: { rule: string; points: number }[]
}

/** Where a person stands before new events are judged. */
export interface Standing {
  stage: Stage
  stageSince: Instant | null
  /** What the fold remembers, as the last verdict left it; `null` starts from nothing. */
  fold: Json
}

/** What judging came to: the new standing, what to show for it, and the steps taken on the way. */
export interface Verdict {
  standing: Standing
  profile: Profile
  transitions: Transition[]
}
