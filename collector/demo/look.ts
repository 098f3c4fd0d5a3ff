import type { Instant } from '../../shared/instant.ts'
import { explanationOf } from '../reports/explanation.ts'
import { thresholdOf } from '../scoring/threshold.ts'
import type { Store } from '../store/store.ts'
import type { Look } from './shop.ts'

const NEWEST = 50

/** What the live panel shows of the person whose browser this is. */
export function look(store: Store, site: number, clock: () => Instant): (visitor: string) => Promise<Look | null> {
  return async visitor => {
    const lead = await store.leadByVisitor(site, visitor)
    if (!lead) return null
    const model = await store.model(site)
    const history = await store.history(site, lead.id)
    return {
      stage: lead.stage,
      explanation: await explanationOf(store, site, lead, model, clock()),
      transitions: await store.transitions(site, lead.id),
      events: history.slice(-NEWEST).toReversed(),
      mqlAt: thresholdOf(model.document, 'mql') ?? 0,
    }
  }
}
