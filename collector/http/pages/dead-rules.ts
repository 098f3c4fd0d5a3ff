import { HOUR, SECOND, type Instant } from '../../../shared/instant.ts'
import { rulesReport } from '../../reports/rules.ts'
import { zone } from '../../reports/zone.ts'
import type { Store } from '../../store/store.ts'

/** The report replays everybody: of more people it is asked on its own page only. */
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

/** Ids of the live model's rules that have never given anybody a point; `null` when that is not known yet. */
export function createDeadRules({ store, clock, log }: Parts): (site: number) => Promise<string[] | null> {
  const known = new Map<string, { at: Instant; rules: Promise<string[] | null> }>()

  async function find(site: number): Promise<string[] | null> {
    const everybody = { sort: 'score', descending: true, limit: 1 } as const
    const people = await store.leadCount(site, everybody)
    if (people === 0 || people > MAX_PEOPLE) return null
    const report = await rulesReport(store, site, await store.model(site), { from: null, to: null }, zone('UTC'))
    return report.rules.filter(({ dead }) => dead).map(({ rule }) => rule)
  }

  return async site => {
    const { version } = await store.model(site)
    const key = `${site} ${version}`
    const found = known.get(key)
    const isGood = found && clock() - found.at < LASTS
    const rules = isGood
      ? found.rules
      : find(site).catch((error: unknown) => {
          log(error)
          return null
        })
    if (!isGood) known.set(key, { at: clock(), rules })
    return Promise.race([rules, new Promise<null>(resolve => setTimeout(resolve, PATIENCE, null).unref())])
  }
}
