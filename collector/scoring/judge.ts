import { inOrder, type StoredEvent } from '../../shared/event.ts'
import type { Duration, Instant } from '../../shared/instant.ts'
import type { Json } from '../../shared/json.ts'
import type { Model } from '../../shared/model.ts'
import type { Standing, Verdict } from '../../shared/person.ts'
import type { Transition } from '../../shared/stage.ts'
import { courseOf } from './course.ts'
import { addToFold, emptyFold, historyOf, resume } from './fold.ts'
import { labelsAfter, labelsUntil } from './label.ts'
import { planOf } from './plan.ts'
import { profileAt } from './profile.ts'
import { noteCandidate, stepsFrom } from './stage.ts'
import { unscored } from './unscored.ts'

/**
 * What new events make of a person, as of `now`. The events come in any order; none at all means that time has passed.
 *
 * `null` when the events cannot be folded onto the standing's fold: one is late, or the fold is of another version. The
 * caller then asks again with `fold: null` and the person's whole history, and that is always answered. Repeated events
 * change nothing. Stages only go forward, at most to MQL; each step is dated by the event that brought it. Somebody who was
 * recycled becomes an MQL again only by what happens after that; whoever sales holds, or has put out, is never moved.
 * Somebody who may not be scored has no score, no label and no further stage; what is merely known of them is kept up.
 *
 * Whoever looks at everybody again after `lookAgain` is not told of turns that come later.
 *
 * `model` must be one that `readModel` has passed. Nothing that an event carries makes this throw.
 */
export function judge(
  model: Model,
  version: number,
  standing: Standing,
  events: readonly StoredEvent[],
  now: Instant,
  lookAgain?: Duration,
): Verdict | null {
  const { profilingStopped = null } = standing
  const plan = planOf(profilingStopped === null ? model : unscored(model))
  const resumed = standing.fold === null ? null : resume(standing.fold, version)
  const recycledAt =
    standing.stage === 'recycled' ? standing.stageSince : (standing.recycledAt ?? resumed?.recycled?.at ?? null)
  const fold = standing.fold === null ? emptyFold(plan, version, recycledAt) : resumed
  if (fold === null || fold.holdings.length !== plan.rules.length) return null
  if (recycledAt !== (fold.recycled?.at ?? null)) return null
  const last = fold.last
  const news = historyOf(events).filter(event => last === null || inOrder(event, last) !== 0)
  if (last !== null && news[0] && inOrder(news[0], last) < 0) return null

  let { stage, stageSince } = standing
  const transitions: Transition[] = []
  const advance = (at: Instant, event: string | null) => {
    for (const { from, to, score } of stepsFrom(plan, fold, stage, at)) {
      const cause = event === null ? 'time' : 'event'
      transitions.push({ from, to, at: now, effectiveAt: at, actor: 'engine', cause, event, model: version, score })
      stage = to
      stageSince = at
    }
  }
  for (const event of news) {
    fold.labels = labelsUntil(plan, fold, event.at - 1, () => courseOf(plan, fold))
    addToFold(plan, fold, event)
    fold.labels = labelsAfter(plan, fold, event.at)
    noteCandidate(plan, fold, stage, event.at)
    advance(event.at, event.id)
  }
  const at = Math.max(now, fold.last?.at ?? now)
  if (events.length === 0) advance(at, null)
  const profile = profileAt(plan, fold, stage, at, lookAgain)
  return {
    standing: { stage, stageSince, recycledAt, profilingStopped, fold: fold as unknown as Json },
    profile: profilingStopped === null ? profile : { ...profile, grade: '' },
    transitions,
  }
}
