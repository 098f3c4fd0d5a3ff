import type { Account } from '../../shared/account.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Site } from '../../shared/site.ts'
import type { Words } from './words.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What every page needs, whether somebody is signed in or not. */
export interface Surface {
  words: Words
  theme: Theme
  now: Instant
  /** Path and query of this page. */
  here: string
  /** The address of a style, script or picture. */
  asset: (name: string) => string
}

/** What every page needs for somebody who is signed in. */
export interface Frame extends Surface {
  account: Account
  site: Site
  /** All of them. */
  sites: readonly Site[]
  /** Goes into every form, as the field `csrf`. */
  csrf: string
  /** Something to be told at the top, once: a message that the last form left. */
  notice: string | null
}

/**
 * The address of a page of the dashboard, for the site that is looked at. The query is the API's own: `/leads?stage=mql`
 * shows what `/v1/leads?stage=mql` answers. Empty values are left out.
 */
export function link(
  { site, sites }: Pick<Frame, 'site' | 'sites'>,
  path: string,
  query: Record<string, string | number | null | undefined> = {},
): string {
  const given: typeof query = { ...query, site: sites.length > 1 ? site.id : null }
  const pairs = Object.entries(given).map(([name, value]): [string, string] => [name, String(value ?? '')])
  const text = new URLSearchParams(pairs.filter(([, value]) => value !== '')).toString()
  return text === '' ? path : `${path}?${text.replaceAll('%2C', ',')}`
}
