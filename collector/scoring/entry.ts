import type { StoredEvent } from '../../shared/event.ts'
import type { Measured } from '../../shared/model.ts'
import { capped } from './decay.ts'
import { ENGAGED, type Growth } from './engagement.ts'
import { field, keyOf, numberOf } from './field.ts'
import type { Entry } from './holding.ts'
import type { Plan, PlannedEventRule } from './plan.ts'

/** The most that one event is ever worth, whatever number it carries. */
export const MAX_POINTS = 10_000

/** What the fold knows of an event beyond the event itself. */
interface Circumstances {
  /** Number of its visit. */
  visit: number
  /** Of the active time of its view. */
  growth: Growth | null
}

/** A matching event as its rule sees it. */
export function entryOf(
  plan: Plan,
  planned: PlannedEventRule,
  event: StoredEvent,
  { visit, growth }: Circumstances,
): Entry {
  const { points, limit } = planned.rule
  const worth = typeof points === 'number' ? points : measured(points, event, growth)
  const bucket = !limit || limit.per === 'ever' ? 0 : limit.per === 'day' ? plan.day(event.at) : visit
  const key = limit?.key === undefined ? '' : keyOf(field(event, limit.key))
  return [event.at, worth, bucket, key, itemOf(planned, event)]
}

/** What a removal and the event that it takes out have in common. */
export function itemOf({ rule }: PlannedEventRule, event: StoredEvent): string {
  const keys = rule.reversedBy?.match.map(name => keyOf(field(event, name))) ?? []
  return keys.length > 1 ? JSON.stringify(keys) : (keys[0] ?? '')
}

/**
 * Points for the full units of a number. Active time counts on through a view: a report is worth what the view comes to
 * with it, less what the view had already come to, so that a repeated report is worth nothing.
 */
function measured(measure: Measured, event: StoredEvent, growth: Growth | null): number {
  if (growth && measure.of === ENGAGED) return pointsFor(measure, growth.after) - pointsFor(measure, growth.before)
  return pointsFor(measure, numberOf(field(event, measure.of)) ?? 0)
}

function pointsFor({ per, points, max }: Measured, amount: number): number {
  const units = Math.floor(Math.max(0, amount) / per)
  return Math.min(Math.max(capped(units * points, max), -MAX_POINTS), MAX_POINTS)
}
