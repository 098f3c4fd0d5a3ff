import type { StoredEvent } from '../../shared/event.ts'
import { DAY, type Duration } from '../../shared/instant.ts'
import { keyOf, numberOf, property } from './field.ts'

/** Page views whose active time is remembered; of more, those heard of last. */
export const MAX_VIEWS = 32

/** Nobody is active on one page for longer; a report of more is a mistake or a lie. */
export const MAX_ENGAGED: Duration = DAY

/** The property of `user_engagement` that counts on through a page view, so that a lost or repeated report does no harm. */
export const ENGAGED = 'engaged_ms'

/** A person's active time. */
export interface Engagement {
  total: Duration
  /** The longest report for each view, by the last report. */
  views: [view: string, longest: Duration][]
}

/** What one report adds to its view. */
export interface Growth {
  before: Duration
  after: Duration
}

export const NO_ENGAGEMENT: Engagement = { total: 0, views: [] }

/** How far an event takes the active time of its view; `null` when it reports none. */
export function growthBy(event: StoredEvent, { views }: Engagement): Growth | null {
  const reported = event.type === 'user_engagement' ? numberOf(property(event, ENGAGED)) : null
  if (reported === null || reported <= 0) return null
  const view = viewOf(event)
  const before = (view !== '' && views.find(([known]) => known === view)?.[1]) || 0
  return { before, after: Math.max(before, Math.min(reported, MAX_ENGAGED)) }
}

/** The active time after such an event. A report that names no view stands for itself. */
export function addToEngagement({ total, views }: Engagement, event: StoredEvent, growth: Growth): Engagement {
  const grown = total + growth.after - growth.before
  const view = viewOf(event)
  if (view === '') return { total: grown, views }
  const others = views.filter(([known]) => known !== view)
  return { total: grown, views: [...others, [view, growth.after] as [string, Duration]].slice(-MAX_VIEWS) }
}

const viewOf = (event: StoredEvent): string => keyOf(event.view ?? null)
