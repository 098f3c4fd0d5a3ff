import * as v from 'valibot'
import type { StoredEvent } from '../../shared/event.ts'
import { scoresView, touchView } from '../../shared/lead-view.ts'
import { STOP_REASONS } from '../../shared/person.ts'
import type { Explanation } from '../../shared/score.ts'
import { STAGES, type Transition } from '../../shared/stage.ts'
import { utc, utcOrNull } from '../../shared/utc.ts'
import { at } from './answer.ts'

// What leaves the collector: snake_case names, RFC 3339 in UTC.

const touchShape = v.object({
  at,
  source: v.string(),
  medium: v.string(),
  campaign: v.optional(v.string()),
  term: v.optional(v.string()),
  content: v.optional(v.string()),
  click_id: v.optional(v.string()),
  referrer: v.optional(v.string()),
  landing_page: v.optional(v.string()),
})

/** Of somebody who may not be scored there are no scores, and the reason why. */
const scoresShape = {
  score: v.nullable(v.number()),
  engagement: v.nullable(v.number()),
  fit: v.nullable(v.number()),
  /** Fit A–D by engagement 1–4. */
  grade: v.nullable(v.string()),
  profiling_stopped: v.nullable(v.object({ at, reason: v.picklist(STOP_REASONS) })),
}

export const leadShape = v.object({
  id: v.string(),
  stage: v.picklist(STAGES),
  stage_since: v.nullable(at),
  recycled_at: v.nullable(at),
  ...scoresShape,
  email: v.nullable(v.string()),
  name: v.nullable(v.string()),
  company: v.nullable(v.string()),
  traits: v.record(v.string(), v.unknown()),
  first_touch: v.nullable(touchShape),
  last_touch: v.nullable(touchShape),
  first_seen: v.nullable(at),
  last_seen: v.nullable(at),
  visits: v.number(),
  engaged_seconds: v.number(),
  cools_at: v.nullable(at),
  top_reasons: v.array(v.object({ rule: v.string(), points: v.number() })),
  labels: v.array(v.string()),
  candidate_since: v.nullable(at),
  manual_score: v.nullable(
    v.object({ score: v.number(), author: v.string(), reason: v.string(), at, until: v.nullable(at) }),
  ),
  model: v.number(),
  scored_at: at,
})

export const eventShape = v.object({
  id: v.string(),
  type: v.string(),
  at,
  visitor: v.string(),
  view: v.optional(v.string()),
  seq: v.optional(v.number()),
  url: v.optional(v.string()),
  referrer: v.optional(v.string()),
  title: v.optional(v.string()),
  properties: v.record(v.string(), v.unknown()),
  provenance: v.picklist(['server', 'browser', 'weak']),
  mark: v.nullable(v.string()),
  touch: v.optional(touchShape),
  device: v.optional(v.object({ type: v.string(), browser: v.string(), os: v.string() })),
})

export function eventView({ at: happened, touch: came, ...facts }: StoredEvent) {
  return { ...facts, at: utc(happened), ...(came && { touch: touchView(came) }) }
}

const eventPointsShape = v.object({
  id: v.string(),
  type: v.string(),
  at,
  raw: v.number(),
  capped: v.number(),
  points: v.number(),
  multiplier: v.number(),
  reversed: v.optional(v.literal(true)),
})

export const explanationShape = v.object({
  ...scoresShape,
  model: v.number(),
  at,
  rules: v.array(
    v.object({
      rule: v.string(),
      group: v.string(),
      points: v.number(),
      matched: v.number(),
      admitted: v.number(),
      events: v.array(eventPointsShape),
    }),
  ),
  clamps: v.array(
    v.object({
      scope: v.picklist(['group', 'total']),
      id: v.string(),
      before: v.number(),
      after: v.number(),
      points: v.number(),
    }),
  ),
  residual: v.number(),
  missing: v.nullable(v.object({ stage: v.string(), needs: v.array(v.string()) })),
  cools_at: v.nullable(at),
  coverage: v.optional(v.number()),
})

export const transitionShape = v.object({
  from: v.picklist(STAGES),
  to: v.picklist(STAGES),
  at,
  effective_at: at,
  actor: v.string(),
  cause: v.string(),
  event: v.nullable(v.string()),
  model: v.number(),
  score: v.number(),
  reason: v.nullish(v.string()),
  note: v.nullish(v.string()),
  quiet: v.optional(v.boolean()),
  explanation: v.nullable(explanationShape),
})

export function transitionView({ effectiveAt, at: decided, explanation: why, ...step }: Transition) {
  return {
    ...step,
    at: utc(decided),
    effective_at: utc(effectiveAt),
    explanation: why ? explanationView(why) : null,
  }
}

export function explanationView({ at: asked, coolsAt, rules, profilingStopped, ...sums }: Explanation) {
  return {
    ...sums,
    ...scoresView({ ...sums, profilingStopped: profilingStopped ?? null }),
    at: utc(asked),
    cools_at: utcOrNull(coolsAt),
    rules: rules.map(rule => ({ ...rule, events: rule.events.map(gave => ({ ...gave, at: utc(gave.at) })) })),
  }
}
