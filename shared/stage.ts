import type { Instant } from './instant.ts'
import type { Explanation } from './score.ts'

/** The way from a stranger to an advocate, in order. */
export const PATH = ['visitor', 'subscriber', 'lead', 'mql', 'sql', 'opportunity', 'customer', 'evangelist'] as const

/** How far a person has come. The last two stand beside the path: back to nurturing, and out. */
export const STAGES = [...PATH, 'recycled', 'disqualified'] as const
export type Stage = (typeof STAGES)[number]

/** Stages that a model's conditions lead to. Every other one is a decision of somebody's. */
export const QUALIFYING = ['subscriber', 'lead', 'mql'] as const
export type QualifyingStage = (typeof QUALIFYING)[number]

/** Stages at which a person is handed over: why, is frozen with the transition. */
export const HAND_OVERS: readonly Stage[] = ['mql', 'sql']

/** Why sales sends a lead back or turns one down. Closed list. */
export const REASONS = [
  'not_fit',
  'timing',
  'no_budget',
  'no_response',
  'bad_data',
  'competitor',
  'student',
  'duplicate',
] as const
export type Reason = (typeof REASONS)[number]

/** Stages that are not entered without a reason. */
export const REJECTIONS: readonly Stage[] = ['recycled', 'disqualified']

/** Where somebody may move a person by hand. `mql` → `sql` is sales' accept; back is only by way of `recycled`. */
export const MOVES: Record<Stage, readonly Stage[]> = {
  visitor: ['subscriber', 'lead', 'mql', 'sql', 'opportunity', 'customer', 'disqualified'],
  subscriber: ['lead', 'mql', 'sql', 'opportunity', 'customer', 'disqualified'],
  lead: ['mql', 'sql', 'opportunity', 'customer', 'disqualified'],
  mql: ['sql', 'opportunity', 'customer', 'recycled', 'disqualified'],
  sql: ['opportunity', 'customer', 'recycled', 'disqualified'],
  opportunity: ['customer', 'recycled', 'disqualified'],
  customer: ['evangelist', 'recycled', 'disqualified'],
  evangelist: ['recycled', 'disqualified'],
  recycled: ['mql', 'sql', 'opportunity', 'customer', 'disqualified'],
  disqualified: ['lead', 'mql', 'sql', 'opportunity', 'customer', 'recycled'],
}

/** Whether `a` lies beyond `b` on the path. What stands beside the path is neither further nor less far than anything. */
export function isFurther(a: Stage, b: Stage): boolean {
  const [place, other] = [placeOf(a), placeOf(b)]
  return other >= 0 && place > other
}

const placeOf = (stage: Stage): number => (PATH as readonly Stage[]).indexOf(stage)

/** When two persons turn out to be one: a decision outweighs what a model found, and a sale outweighs a rejection. */
const WEIGHT: readonly Stage[] = [
  'visitor',
  'subscriber',
  'lead',
  'mql',
  'recycled',
  'disqualified',
  'sql',
  'opportunity',
  'customer',
  'evangelist',
]

/** How far somebody has come. */
export interface Reached {
  stage: Stage
  stageSince: Instant | null
  /** When last recycled; then conditions ask only what has happened since. */
  recycledAt?: Instant | null
}

/** How far two persons have come who are one, whichever is named first: to the weightier stage, of equal ones since the earlier time. */
export function joined(a: Reached, b: Reached): Reached {
  const difference = WEIGHT.indexOf(a.stage) - WEIGHT.indexOf(b.stage)
  const isFirst = difference === 0 ? (a.stageSince ?? -Infinity) <= (b.stageSince ?? -Infinity) : difference > 0
  const { stage, stageSince } = isFirst ? a : b
  const recycledAt = Math.max(a.recycledAt ?? -Infinity, b.recycledAt ?? -Infinity)
  if (recycledAt === -Infinity) return { stage, stageSince, recycledAt: null }
  return { stage, stageSince: stage === 'recycled' ? recycledAt : stageSince, recycledAt }
}

/** A move that somebody made, when they made it. */
export interface Decision {
  to: Stage
  at: Instant
}

/** Why a step was taken now. */
export type Cause =
  | 'event'
  /** Time alone changed the score. */
  | 'time'
  /** A model was published. */
  | 'model'
  /** Two persons became one, or one became two. */
  | 'merge'
  | 'unmerge'
  /** Events turned out to be worth nothing, or something after all. */
  | 'mark'
  /** Somebody decided so. */
  | 'manual'

/** One step through the stages. */
export interface Transition {
  from: Stage
  to: Stage
  /** When it was decided. */
  at: Instant
  /** When the condition was first true, by event time: earlier than `at` for late events. */
  effectiveAt: Instant
  /** `engine`, `import`, or the id of the key that somebody used. */
  actor: string
  cause: Cause
  /** The event that met the condition. */
  event: string | null
  /** Version of the model that decided. */
  model: number
  /** Score at `effectiveAt`. */
  score: number
  reason?: Reason | null
  note?: string | null
  /** Nobody is told of it: it did not happen just now, but was seen differently. */
  quiet?: boolean
  /** Of a hand-over: why, as it was seen at that moment. Never worked out again. */
  explanation?: Explanation | null
}
