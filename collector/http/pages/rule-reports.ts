import { HOUR, SECOND, type Instant } from '../../../shared/instant.ts'
import { rulesReport, type RulesReport } from '../../reports/rules.ts'
import { zone } from '../../reports/zone.ts'
import type { Store } from '../../store/store.ts'
import { createStudies } from './study.ts'

/** The report replays everybody: of more people it is asked of the API only. */
const MAX_PEOPLE = 20_000

interface Parts {
  store: Pick<Store, 'model' | 'leadCount' | 'persons' | 'history' | 'outcomes' | 'arrivals'>
  clock: () => Instant
  log: (error: unknown) => void
}

/** What the live model's rules did, over everything that is kept; `null` when that is not known yet. */
export type RuleReports = (site: number) => Promise<RulesReport | null>

export function createRuleReports({ store, clock, log }: Parts): RuleReports {
  const ask = createStudies<RulesReport | null>(clock, { lasts: () => 6 * HOUR, patience: SECOND / 4 })

  return async site => {
    const model = await store.model(site)
    try {
      const { result } = await ask(`${site} ${model.version}`, async () => {
        const people = await store.leadCount(site, { sort: 'score', descending: true, limit: 1 })
        if (people === 0 || people > MAX_PEOPLE) return null
        return rulesReport(store, site, model, { from: null, to: null }, zone('UTC'), clock())
      })
      return result
    } catch (error) {
      log(error)
      return null
    }
  }
}
