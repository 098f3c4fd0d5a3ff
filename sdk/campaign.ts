import { address } from './address.ts'

/** Query keys that say which campaign, ad or mailing brought somebody here: gclid, fbclid, msclkid, gbraid, rdt_cid … */
export const CAMPAIGN = /^(utm_.|epik|li_fat_|ScC)|(.clk?id|braid|_cid)$/

/** Where a single-page application keeps its path in the fragment: nothing else that may stand there, such as a token. */
const ROUTE = /^#!?\/[^?]*/

/** What of an address is kept, beside its path. */
export interface Kept {
  /** Names of query parameters, comma-separated. */
  query?: string
  /** `on` where the fragment is a route. */
  hash?: string
}

/**
 * The address of the page that is open, with the query parameters named in `kept`; and, if `arrival` is given, with the
 * campaign parameters of that address and its own.
 */
export function here({ query = '', hash }: Kept, arrival?: string): string {
  const kept = new URLSearchParams()
  for (const [name, value] of new URL(arrival ?? location.href).searchParams) {
    if (query.split(',').includes(name) || (arrival && CAMPAIGN.test(name))) kept.set(name, value)
  }
  return address(location.href) + String(kept).replace(/^./, '?$&') + ((hash && ROUTE.exec(location.hash)) || '')
}

/**
 * The address that the document was opened with. By the time the script runs, an application may already have gone on
 * to its first route, without the campaign; the browser's own record of the navigation still knows.
 */
export const landing = (): string | undefined => performance.getEntriesByType('navigation')[0]?.name
