import type { Instant } from './instant.ts'

/** How far a person has come. Automatic moves only ever go forward. */
export const STAGES = ['visitor', 'subscriber', 'lead', 'mql'] as const
export type Stage = (typeof STAGES)[number]

export const isFurther = (a: Stage, b: Stage): boolean => STAGES.indexOf(a) > STAGES.indexOf(b)

/** One step through the stages. */
export interface Transition {
  from: Stage
  to: Stage
  /** When it was decided. */
  at: Instant
  /** When the condition was first true, by event time: earlier than `at` for late events. */
  effectiveAt: Instant
  actor: 'engine'
  /** Why it was decided now: something happened, or time alone changed the score. */
  cause: 'event' | 'time'
  /** The event that met the condition. */
  event: string | null
  /** Version of the model that decided. */
  model: number
  /** Score at `effectiveAt`. */
  score: number
}
