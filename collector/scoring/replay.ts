import type { StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { ScoreName } from '../../shared/model.ts'
import type { Stage } from '../../shared/stage.ts'
import { addToFold, emptyFold, historyOf, type Fold } from './fold.ts'
import type { Plan } from './plan.ts'
import { scoreAt } from './score.ts'
import { stepsFrom } from './stage.ts'

/** How it would have gone with somebody under a model. */
export interface Replay {
  /** Each time that the score came higher than ever before, right after an event; the last one is the peak. */
  heights: { score: number; at: Instant }[]
  /** Of somebody without any event that counts: what nothing is worth. */
  nothing: number
  /** When the condition for MQL was first met, by event time. */
  mqlAt: Instant | null
  /** What is remembered after the last event. */
  fold: Fold
}

/** The events in any order, as the live path would have folded them: the same fold, the same steps, nothing foreseen. */
export function replay(plan: Plan, version: number, events: readonly StoredEvent[], score: ScoreName): Replay {
  const fold = emptyFold(plan, version)
  const heights: Replay['heights'] = []
  let stage: Stage = 'visitor'
  let mqlAt: Instant | null = null
  let peak = -Infinity
  for (const event of historyOf(events)) {
    addToFold(plan, fold, event)
    const points = scoreAt(plan, fold, event.at)[score]
    if (points > peak) heights.push({ score: (peak = points), at: event.at })
    if (mqlAt !== null) continue
    for (const { to } of stepsFrom(plan, fold, stage, event.at)) stage = to
    if (stage === 'mql') mqlAt = event.at
  }
  return { heights, nothing: heights.length > 0 ? 0 : scoreAt(plan, fold, 0)[score], mqlAt, fold }
}

/** What is remembered after all of the events, in any order. */
export function foldOf(plan: Plan, version: number, events: readonly StoredEvent[]): Fold {
  const fold = emptyFold(plan, version)
  for (const event of historyOf(events)) addToFold(plan, fold, event)
  return fold
}

export const peakOf = ({ heights, nothing }: Pick<Replay, 'heights' | 'nothing'>): number =>
  heights.at(-1)?.score ?? nothing
