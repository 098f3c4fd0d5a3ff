import type { Duration, Instant } from '../../shared/instant.ts'
import type { Profile } from '../../shared/person.ts'
import type { Stage } from '../../shared/stage.ts'
import { openFold } from './condition.ts'
import { coolsAt } from './cooling.ts'
import { courseOf, type Course } from './course.ts'
import { stageFlipsAt } from './flip.ts'
import type { Fold } from './fold.ts'
import { grade } from './grade.ts'
import { labelsFlipAt, labelsUntil } from './label.ts'
import type { Plan } from './plan.ts'
import { scoreAt } from './score.ts'
import { candidateSince } from './stage.ts'
import { firstTouch, lastTouch } from './touch.ts'

const REASONS = 3

/**
 * What a person has come to at an instant that is not before their last event. Somebody whose score fades is looked at again
 * after `lookAgain` at the latest: no turn of labels or stages is looked for that comes later, and `flipsAt` may be null.
 */
export function profileAt(plan: Plan, fold: Fold, stage: Stage, at: Instant, lookAgain: Duration = Infinity): Profile {
  const { total, engagement, fit, rules } = scoreAt(plan, fold, at)
  const reasons = plan.rules
    .map(({ rule, index }) => ({ rule: rule.id, points: rules[index] ?? 0 }))
    .filter(({ points }) => points > 0)
  const until = total !== 0 || reasons.length > 0 ? at + lookAgain : Infinity
  let known: Course | null = null
  const course = () => (known ??= courseOf(plan, fold))
  const labels = labelsUntil(plan, fold, at, course)
  const flipsAt = Math.min(labelsFlipAt(plan, labels, at, course, until), stageFlipsAt(plan, fold, stage, at, until))
  return {
    score: total,
    engagement,
    fit,
    grade: grade({ engagement, fit }, plan.attainable),
    traits: fold.traits,
    firstTouch: firstTouch(fold.touches),
    lastTouch: lastTouch(fold.touches),
    firstSeen: fold.first,
    lastSeen: fold.last?.at ?? null,
    visits: fold.visits.count,
    engagedMs: fold.engagement.total,
    coolsAt: coolsAt(plan, () => (fold.recycled ? courseOf(plan, openFold(fold)) : course()), stage, at),
    flipsAt: flipsAt === Infinity ? null : flipsAt,
    labels: plan.model.labels.filter((_, index) => labels[index]).map(({ id }) => id),
    candidateSince: candidateSince(fold, stage),
    topReasons: reasons.toSorted((a, b) => b.points - a.points).slice(0, REASONS),
  }
}
