import type { Instant } from './instant.ts'
import type { Json } from './json.ts'
import type { Lead } from './lead.ts'
import type { ManualScore } from './person.ts'
import type { Touch } from './touch.ts'
import { utc, utcOrNull } from './utc.ts'

/** A lead as it leaves the collector, by API and by webhook: snake_case names, RFC 3339 in UTC. */
export function leadView(lead: Lead, now: Instant) {
  const traits = Object.fromEntries(Object.entries(lead.traits).map(([name, trait]) => [name, trait.value]))
  return {
    id: lead.id,
    stage: lead.stage,
    stage_since: utcOrNull(lead.stageSince),
    recycled_at: utcOrNull(lead.recycledAt),
    ...scoresView(lead),
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

export function scoresView(scored: Pick<Lead, 'score' | 'engagement' | 'fit' | 'grade' | 'profilingStopped'>) {
  const { score, engagement, fit, grade, profilingStopped } = scored
  const stopped = profilingStopped && { ...profilingStopped, at: utc(profilingStopped.at) }
  if (stopped) return { score: null, engagement: null, fit: null, grade: null, profiling_stopped: stopped }
  return { score, engagement, fit, grade, profiling_stopped: null }
}

/** One that has ended is no longer shown. */
function manualScoreView(manual: ManualScore | null, now: Instant) {
  if (manual === null || (manual.until !== null && manual.until <= now)) return null
  return { ...manual, at: utc(manual.at), until: utcOrNull(manual.until) }
}

const textOrNull = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null)

export function touchView(touch: Touch): ReturnType<typeof present>
export function touchView(touch: Touch | null): ReturnType<typeof present> | null
export function touchView(touch: Touch | null) {
  return touch && present(touch)
}

const present = (touch: Touch) => ({ ...touch, at: utc(touch.at) })
