import type { StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Json } from '../../shared/json.ts'
import type { Lead } from '../../shared/lead.ts'
import type { ManualScore } from '../../shared/person.ts'
import type { Explanation } from '../../shared/score.ts'
import type { Transition } from '../../shared/stage.ts'
import type { Touch } from '../../shared/touch.ts'
import { utc, utcOrNull } from './utc.ts'

// What leaves the collector: snake_case names, RFC 3339 in UTC.

export function leadView(lead: Lead, now: Instant) {
  const traits = Object.fromEntries(Object.entries(lead.traits).map(([name, trait]) => [name, trait.value]))
  return {
    id: lead.id,
    stage: lead.stage,
    stage_since: utcOrNull(lead.stageSince),
    score: lead.score,
    engagement: lead.engagement,
    fit: lead.fit,
    grade: lead.grade,
    email: textOrNull(traits['email']),
    name: textOrNull(traits['name']),
    company: textOrNull(traits['company']),
    traits,
    first_touch: touchView(lead.firstTouch),
    last_touch: touchView(lead.lastTouch),
    first_seen: utcOrNull(lead.firstSeen),
    last_seen: utcOrNull(lead.lastSeen),
    visits: lead.visits,
    engaged_seconds: Math.floor(lead.engagedMs / 1_000),
    cools_at: utcOrNull(lead.coolsAt),
    top_reasons: lead.topReasons,
    labels: lead.labels,
    candidate_since: utcOrNull(lead.candidateSince),
    manual_score: manualScoreView(lead.manualScore, now),
    model: lead.model,
    scored_at: utc(lead.scoredAt),
  }
}

/** One that has ended is no longer shown. */
function manualScoreView(manual: ManualScore | null, now: Instant) {
  if (manual === null || (manual.until !== null && manual.until <= now)) return null
  return { ...manual, at: utc(manual.at), until: utcOrNull(manual.until) }
}

const textOrNull = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null)

const touchView = (touch: Touch | null) => touch && { ...touch, at: utc(touch.at) }

export function eventView({ at, touch, ...event }: StoredEvent) {
  return { ...event, at: utc(at), ...(touch && { touch: touchView(touch) }) }
}

export function transitionView({ effectiveAt, at, explanation, ...step }: Transition) {
  return {
    ...step,
    at: utc(at),
    effective_at: utc(effectiveAt),
    explanation: explanation ? explanationView(explanation) : null,
  }
}

export function explanationView({ at, coolsAt, rules, ...explanation }: Explanation) {
  return {
    ...explanation,
    at: utc(at),
    cools_at: utcOrNull(coolsAt),
    rules: rules.map(rule => ({ ...rule, events: rule.events.map(event => ({ ...event, at: utc(event.at) })) })),
  }
}
