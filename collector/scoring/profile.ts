import type { Instant } from '../../shared/instant.ts'
import type { Profile } from '../../shared/person.ts'
import type { Stage } from '../../shared/stage.ts'
import { coolsAt } from './cooling.ts'
import type { Fold } from './fold.ts'
import { grade } from './grade.ts'
import type { Plan } from './plan.ts'
import { scoreAt } from './score.ts'
import { firstTouch, lastTouch } from './touch.ts'

const REASONS = 3

/** What a person has come to at an instant that is not before their last event. */
export function profileAt(plan: Plan, fold: Fold, stage: Stage, at: Instant): Profile {
  const { total, engagement, fit, rules } = scoreAt(plan, fold, at)
  const reasons = plan.rules.map(({ rule, index }) => ({ rule: rule.id, points: rules[index] ?? 0 }))
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
    coolsAt: coolsAt(plan, fold, stage, at),
    topReasons: reasons
      .filter(({ points }) => points > 0)
      .toSorted((a, b) => b.points - a.points)
      .slice(0, REASONS),
  }
}
