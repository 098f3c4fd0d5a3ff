import { address } from './address.ts'

/** Query keys that say which campaign, ad or mailing brought somebody here. */
const CAMPAIGN =
  /^(utm_(source|medium|campaign|term|content|id)|(g|d|fb|tt|tw|y)clid|[gw]braid|msclkid|li_fat_id|epik|rdt_cid|ScCid)$/

/**
 * The address of the page that is open, with the query parameters named in `kept`; and, if `arrival` is given, with the
 * campaign parameters of that address and its own.
 */
export function here(kept: string, arrival = ''): string {
  const query = new URLSearchParams()
  for (const href of [arrival || location.href, location.href]) {
    for (const [name, value] of new URL(href).searchParams) {
      if (kept.split(',').includes(name) || (arrival && CAMPAIGN.test(name))) query.set(name, value)
    }
  }
  return address(location.href) + String(query).replace(/^./, '?$&')
}

/**
 * The address that the document was opened with. By the time the script runs, an application may already have gone on
 * to its first route, without the campaign; the browser's own record of the navigation still knows.
 */
export const landing = (): string => performance.getEntriesByType('navigation')[0]?.name ?? location.href
