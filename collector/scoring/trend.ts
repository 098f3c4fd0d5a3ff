import type { StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import type { ProfilingStop } from '../../shared/person.ts'
import { addToFold, emptyFold, historyOf } from './fold.ts'
import { planOf } from './plan.ts'
import { scoreAt } from './score.ts'

/**
 * The score at each of these instants, the earliest first: what `explain` finds there, in one pass over the history. After
 * profiling was stopped there is none: `null`.
 */
export function trend(
  model: Model,
  version: number,
  events: readonly StoredEvent[],
  instants: readonly Instant[],
  stopped: ProfilingStop | null = null,
): (number | null)[] {
  const plan = planOf(model)
  const fold = emptyFold(plan, version)
  const history = historyOf(events)
  let next = 0
  return instants.map(at => {
    if (stopped && stopped.at <= at) return null
    for (let event = history[next]; event && event.at <= at; event = history[++next]) addToFold(plan, fold, event)
    return scoreAt(plan, fold, at).total
  })
}
