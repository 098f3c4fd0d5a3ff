import type { Facet, TouchKind } from '../../shared/facet.ts'
import type { Duration, Instant, Span } from '../../shared/instant.ts'
import type { Step } from '../../shared/milestone.ts'

/** What people came in touch with; `null`: the site itself, by their first event. */
export type Contact = { facet: Facet; value: string } | null

/** How many people, and how many of those reached each step, at the contact or after it. */
export type Tally = { people: number } & Record<Step, number>

/**
 * Counts, each of people, by when they first came in touch with something. What is counted is kept up to date by
 * `Recorder.fold`, a minute behind at most, and not at all where little happens.
 */
export interface Reports {
  /** Those whose first contact with something lies in a span. */
  tally(site: number, contact: Contact, touch: TouchKind, span: Span): Promise<Tally>
  /** The same for everything of a kind, those with most people first. */
  tallies(site: number, facet: Facet, touch: TouchKind, span: Span): Promise<({ value: string } & Tally)[]>
  /** From the contact to becoming an MQL, the shortest first. */
  delays(site: number, contact: Contact, touch: TouchKind, span: Span): Promise<Duration[]>
  /** From the first event to a step, for those whose first event lies in a span; the shortest first. */
  stepDelays(site: number, step: Step, span: Span): Promise<Duration[]>
  /** How many came, and how many reached each step, whenever they came, from each of some instants until the next. */
  activity(site: number, edges: readonly Instant[]): Promise<Tally[]>
  /** Of the latest `most` events whose ids are of a span, those of views that began in it. */
  gaps(site: number, span: Span, most: number): Promise<Gaps>
}

/** What running numbers within page views say of events that did not arrive. */
export interface Gaps {
  views: number
  /** Events that arrived. */
  received: number
  /** Numbers between them that did not. */
  missing: number
  /** Numbers before those that came with the last of their view: of each of them, what arrived says whether it was lost. */
  tested: number
  /** Of those, the ones that did not arrive. */
  lost: number
}
