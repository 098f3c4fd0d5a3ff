import type { Facet, TouchKind } from './facet.ts'
import type { Instant, Span } from './instant.ts'
import type { Step } from './milestone.ts'
import type { ManualScore, Profile, ProfilingStop } from './person.ts'
import type { Stage } from './stage.ts'

/** A person as they are asked for. */
export interface Lead extends Omit<Profile, 'flipsAt'> {
  id: string
  stage: Stage
  stageSince: Instant | null
  /** When last recycled; to qualify again, only what has happened since counts. */
  recycledAt: Instant | null
  /** Since when, and why, there is no score: then score, engagement and fit are 0, and the grade is empty. */
  profilingStopped: ProfilingStop | null
  /** Version of the model that scored. */
  model: number
  /** The instant that the score is right for; a list is brought up to date at least once an hour. */
  scoredAt: Instant
  /** Given by hand, beside the machine's; also one that has ended. */
  manualScore: ManualScore | null
}

/** Sort orders of a lead list; each is continued by its own value and the lead's id. */
export const LEAD_SORTS = ['score', 'last_seen', 'first_seen', 'stage_since'] as const
export type LeadSort = (typeof LEAD_SORTS)[number]

export interface LeadQuery {
  stages?: Stage[]
  scoreGte?: number
  scoreLt?: number
  grade?: string
  seenSince?: Instant
  label?: string
  /** Whether a fast-track event has asked for sales, and nobody has answered. */
  candidate?: boolean
  /** Came in touch with all of these… */
  contacts?: { facet: Facet; value: string }[]
  touch?: TouchKind
  /** …for the first time in this span; without any, the first event lies in it. */
  came?: Span
  /** Has reached this step, at the contacts or after them… */
  reached?: Step
  /** …in this span. */
  reachedIn?: Span
  company?: string
  /** At this instant the lead has been at `sql` for longer than the site allows. */
  overdueAt?: Instant
  /** Part of the name, e-mail address or company, or the whole id. */
  search?: string
  sort: LeadSort
  descending: boolean
  limit: number
  /** Where the previous page ended. */
  after?: { value: number; id: string }
}
