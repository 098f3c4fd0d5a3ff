import { HOUR, SECOND, type Instant } from '../../../shared/instant.ts'
import { rulesReport, type RulesReport } from '../../reports/rules.ts'
import { zone } from '../../reports/zone.ts'
import type { Store } from '../../store/store.ts'

/** The report replays everybody: of more people it is asked of the API only. */
const MAX_PEOPLE = 20_000
/** How long what was found is good. */
const LASTS = 6 * HOUR
/** How long a page waits for it; the next one will have it. */
const PATIENCE = SECOND / 4

interface Parts {
  store: Pick<Store, 'model' | 'leadCount' | 'persons' | 'history' | 'outcomes' | 'arrivals'>
  clock: () => Instant
  log: (error: unknown) => void
}

/** What the live model's rules did, over everything that is kept; `null` when that is not known yet. */
export type RuleReports = (site: number) => Promise<RulesReport | null>

export function createRuleReports({ store, clock, log }: Parts): RuleReports {
  const known = new Map<number, { at: Instant; version: number; report: Promise<RulesReport | null> }>()

  async function find(site: number): Promise<RulesReport | null> {
    const everybody = { sort: 'score', descending: true, limit: 1 } as const
    const people = await store.leadCount(site, everybody)
    if (people === 0 || people > MAX_PEOPLE) return null
    return rulesReport(store, site, await store.model(site), { from: null, to: null }, zone('UTC'), clock())
  }

  return async site => {
    const { version } = await store.model(site)
    const found = known.get(site)
    const isGood = found && found.version === version && clock() - found.at < LASTS
    const report = isGood
      ? found.report
      : find(site).catch((error: unknown) => {
          log(error)
          return null
        })
    if (!isGood) known.set(site, { at: clock(), version, report })
    return Promise.race([report, new Promise<null>(resolve => setTimeout(resolve, PATIENCE, null).unref())])
  }
}
