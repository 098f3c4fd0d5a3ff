import type { Instant } from '../../shared/instant.ts'
import type { Condition } from '../../shared/model.ts'
import { explanationOf } from '../reports/explanation.ts'
import type { Store } from '../store/store.ts'
import type { Look } from './shop.ts'

const NEWEST = 50

/** What the live panel shows of the person whose browser this is. */
export function look(store: Store, site: number, clock: () => Instant): (visitor: string) => Promise<Look | null> {
  return async visitor => {
    const lead = await store.leadByVisitor(site, visitor)
    if (!lead) return null
    const model = await store.model(site)
    const { mql } = model.document.stages
    const history = await store.history(site, lead.id)
    return {
      stage: lead.stage,
      explanation: await explanationOf(store, site, lead, model, clock()),
      transitions: await store.transitions(site, lead.id),
      events: history.slice(-NEWEST).toReversed(),
      mqlAt: (mql && threshold(mql)) ?? 0,
    }
  }
}

/** The total that a condition asks for, if it asks for one. */
function threshold(condition: Condition): number | null {
  if ('score' in condition) return condition.score === 'total' ? condition.gte : null
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : []
  return parts.map(threshold).find(found => found !== null) ?? null
}
