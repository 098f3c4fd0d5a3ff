import type { TouchKind } from '../../shared/facet.ts'
import { DAY, type Instant, type Span } from '../../shared/instant.ts'
import { STEPS, type Step } from '../../shared/milestone.ts'
import type { Contact, Reports, Tally } from '../store/reports.ts'
import { rateOf, type Rate } from '../../shared/interval.ts'
import type { Interval, Zone } from './zone.ts'

/** Of fewer people than this, a share says little. */
const FEW = 30

/** A share of people, with its interval. */
export interface Share extends Rate {
  /** Of so many. */
  of: number
  /** Of few: too early to conclude anything. */
  few: boolean
}

export const share = (hits: number, cases: number): Share => ({
  ...rateOf(hits, cases),
  of: cases,
  few: cases < FEW,
})

/** What a report is about. */
export interface Question {
  site: number
  /** People count by their first contact with this; `null`: by their first event. */
  contact: Contact
  touch: TouchKind
  span: Span
}

export interface FunnelStep {
  stage: 'visitor' | Step
  /** Who came in the span and has reached this stage since. */
  people: number
  /** Of those of the stage before. */
  rate: Share
  /** Of all who came. */
  share: Share
  /** From the first event until the stage was reached; `null` for nobody, and for people of a contact up to the MQL only. */
  medianDays: number | null
}

/** How far the people have come by now who came in a span. */
export async function funnel(reports: Reports, { site, contact, touch, span }: Question): Promise<FunnelStep[]> {
  const tally = await reports.tally(site, contact, touch, span)
  const steps: FunnelStep[] = [visitors(tally)]
  for (const stage of STEPS) {
    const [people, before] = [tally[stage], steps.at(-1)!.people]
    const delays = contact === null ? await reports.stepDelays(site, stage, span) : null
    const toContact = stage === 'mql' && contact !== null ? await reports.delays(site, contact, touch, span) : null
    steps.push({
      stage,
      people,
      rate: share(people, before),
      share: share(people, tally.people),
      medianDays: medianDays(delays ?? toContact ?? []),
    })
  }
  return steps
}

const visitors = ({ people }: Tally): FunnelStep => ({
  stage: 'visitor',
  people,
  rate: share(people, people),
  share: share(people, people),
  medianDays: null,
})

/** Of durations in order. */
export function medianDays(sorted: readonly number[]): number | null {
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2 / DAY
}

/** How many came, and how many reached each stage, in a part of a span, whenever they came. */
export type Activity = { from: Instant; to: Instant; visitor: number } & Record<Step, number>

export async function activity(reports: Reports, site: number, from: Instant, to: Instant): Promise<Activity> {
  const [whole] = await activityBetween(reports, site, [from, to])
  return whole!
}

/** The same for every day, week or month of a span, by the clocks of a time zone. */
export async function activities(
  reports: Reports,
  site: number,
  { from, to }: { from: Instant; to: Instant },
  interval: Interval,
  { edges }: Zone,
): Promise<Activity[]> {
  return activityBetween(reports, site, edges(interval, from, to))
}

async function activityBetween(reports: Reports, site: number, edges: readonly Instant[]): Promise<Activity[]> {
  const tallies = await reports.activity(site, edges)
  return tallies.map(({ people, ...steps }, index) => ({
    from: edges[index]!,
    to: edges[index + 1]!,
    visitor: people,
    ...steps,
  }))
}
