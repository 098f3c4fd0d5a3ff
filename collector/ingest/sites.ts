import { SECOND, type Duration, type Instant } from '../../shared/instant.ts'
import type { Site } from '../../shared/site.ts'

/** How old what is remembered of a site may be: another process may change whose pages may send. */
const FRESH: Duration = SECOND

/** The same question, asked of the store once a second for each site. Only known keys are remembered: they are few. */
export function rememberSites(
  siteByWriteKey: (writeKey: string) => Promise<Site | null>,
  clock: () => Instant,
): (writeKey: string) => Promise<Site | null> {
  const remembered = new Map<string, { site: Site; at: Instant }>()
  return async writeKey => {
    const known = remembered.get(writeKey)
    const now = clock()
    if (known && Math.abs(now - known.at) < FRESH) return known.site
    const site = await siteByWriteKey(writeKey)
    if (site) remembered.set(writeKey, { site, at: now })
    else remembered.delete(writeKey)
    return site
  }
}
