import type { Instant } from '../../shared/instant.ts'
import type { Stage } from '../../shared/stage.ts'
import { firstAt, type Course } from './course.ts'
import type { Plan } from './plan.ts'

/**
 * The first full minute after `now` at which, if nothing more happens, a score is under the threshold that the condition of
 * the person's own stage asks for. `null` when the condition asks for no score, when the score is not above, and when it
 * never falls so low. A fact to show, not a move: nobody goes back by it.
 */
export function coolsAt({ stages }: Plan, course: () => Course, stage: Stage, now: Instant): Instant | null {
  const thresholds = stages.find(planned => planned.stage === stage)?.thresholds ?? []
  const minutes = thresholds.flatMap(threshold => {
    const isAbove = course().least(threshold.score, now, now) >= threshold.gte
    return (isAbove && firstAt(course(), threshold, { reached: false, after: now })?.at) || []
  })
  return minutes.length > 0 ? Math.min(...minutes) : null
}
