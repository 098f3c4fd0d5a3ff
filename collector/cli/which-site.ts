import { Refusal } from '../../shared/refusal.ts'
import type { Site } from '../../shared/site.ts'
import type { Store } from '../store/store.ts'

/** The site that `--site` names; the only one there is, when it names none. */
export async function whichSite(store: Store, given: string | undefined): Promise<Site> {
  const sites = await store.sites()
  const [only] = sites
  if (given === undefined && only && sites.length === 1) return only
  const site = sites.find(({ id }) => String(id) === given)
  if (site) return site
  const known =
    sites.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none yet; add one with: leadlight site add'
  throw new Refusal('invalid', `--site must be the id of a site. Sites: ${known}.`)
}
