import type { Instant } from './instant.ts'
import { isFurther, type Cause, type Stage } from './stage.ts'

/** The steps of the funnel after the first visit. */
export const STEPS = ['subscriber', 'lead', 'mql', 'sql', 'opportunity', 'customer'] as const
export type Step = (typeof STEPS)[number]

/** When a person first came so far, or further, by event time; `null`: never. */
export type Milestones = Record<Step, Instant | null>

/** What is asked of a transition. */
interface StepTaken {
  from: Stage
  to: Stage
  cause: Cause
  effectiveAt: Instant
}

/** A step back for one of these causes says that what was reached never was; any other is a decision, and takes nothing back. */
const CORRECTIONS: readonly Cause[] = ['mark', 'unmerge']

/**
 * What a person has reached, from their transitions, in order, and where they stand. Whoever skips a step has reached it
 * too: a customer was a lead.
 */
export function milestones(
  transitions: readonly StepTaken[],
  { stage, since }: { stage: Stage; since: Instant | null },
): Milestones {
  const reached: Milestones = {
    subscriber: null,
    lead: null,
    mql: null,
    sql: null,
    opportunity: null,
    customer: null,
  }
  const reach = (to: Stage, at: Instant): void => {
    for (const step of STEPS) if (to === step || isFurther(to, step)) reached[step] = Math.min(reached[step] ?? at, at)
  }
  for (const { from, to, cause, effectiveAt } of transitions) {
    if (CORRECTIONS.includes(cause) && isFurther(from, to))
      for (const step of STEPS) if (isFurther(step, to)) reached[step] = null
    reach(to, effectiveAt)
  }
  for (const step of STEPS) {
    if (reached[step] === null && since !== null && (stage === step || isFurther(stage, step))) reached[step] = since
  }
  return reached
}
