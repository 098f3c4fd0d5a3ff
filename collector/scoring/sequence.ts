import type { StoredEvent } from '../../shared/event.ts'
import { DAY, type Instant } from '../../shared/instant.ts'
import { field, keyOf } from './field.ts'
import { isOfType } from './form.ts'
import type { PlannedSequence } from './stage-plan.ts'

/** Values of `sameKey` that are followed at the same time; of more, those heard of last. */
export const MAX_RUNS = 100

/** How far a sequence has come: `true` once it was completed, else its runs, by the value of `sameKey`. */
export type Progress = true | readonly Run[]

/** For each step, the latest instant at which a run that has come this far can have begun. */
type Run = readonly [key: string, begun: readonly (Instant | null)[]]

export const NOT_BEGUN: Progress = []

/** How far a sequence has come after one more event; the same when it changes nothing. */
export function addToProgress({ condition, steps }: PlannedSequence, progress: Progress, event: StoredEvent): Progress {
  if (progress === true) return true
  const { sameKey, within = Infinity } = condition
  const key = sameKey === undefined ? '' : keyOf(field(event, sameKey))
  if (sameKey !== undefined && key === '') return progress
  const [, before] = progress.find(([other]) => other === key) ?? []
  // Each step goes on from where the one before it stood before this event, so that one event is not two steps.
  const begun = steps.map((step, index) => {
    const start = index === 0 ? event.at : (before?.[index - 1] ?? null)
    const goesOn = start !== null && event.at - start <= within * DAY
    return goesOn && isOfType(event, step.event) && step.matches(event) ? start : (before?.[index] ?? null)
  })
  if (begun.at(-1) !== null) return true
  if (begun.every((start, index) => start === (before?.[index] ?? null))) return progress
  return [...progress.filter(([other]) => other !== key), [key, begun] as const].slice(-MAX_RUNS)
}
