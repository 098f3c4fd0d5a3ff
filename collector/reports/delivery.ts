import type { Span } from '../../shared/instant.ts'
import type { Gaps } from '../store/reports.ts'
import { share, type Share } from './funnel.ts'

/** How much of what pages tell arrives, as the gaps in their views' running numbers say. */
export interface Delivery {
  /** Page views that at least one event has arrived of. */
  views: number
  /** Events of those that have arrived. */
  received: number
  /** Events of those that have not, although later ones of the same view have. */
  missing: number
  /** Of all events, the share that is lost. */
  loss: Share
}

/** Events that are looked at, the latest: enough for an interval of a few hundredths of a per cent. */
const MOST = 100_000

/**
 * What comes last in a view leaves no gap when it is lost, and what came in the same request as the last that arrived
 * could leave none. So the rate is of the events before those: whether one of them has arrived depends on nothing but
 * whether it was lost. Lost views of which nothing arrived are like others, as far as anybody knows. What still waits in a
 * browser for its next visit counts as lost until it comes.
 */
export async function delivery(
  store: { gaps(site: number, span: Span, most: number): Promise<Gaps> },
  site: number,
  span: Span,
): Promise<Delivery> {
  const { views, received, missing, tested, lost } = await store.gaps(site, span, MOST)
  return { views, received, missing, loss: share(lost, tested) }
}
