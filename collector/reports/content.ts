import type { Facet } from '../../shared/facet.ts'
import type { Reports, Tally } from '../store/reports.ts'
import { medianDays, share, type Question, type Share } from './funnel.ts'

/** What people came in touch with, and how far they have come since. */
export interface ContentRow {
  value: string
  tally: Tally
  mqlRate: Share
  /** Its MQL rate as a multiple of that of everybody who came in the same span; `null` where nobody became one. */
  lift: number | null
  /** From the contact until they were MQLs. */
  medianDays: number | null
}

export const CONTENT_SORTS = ['people', 'lead', 'mql', 'sql', 'customer', 'mql_rate'] as const
export type ContentSort = (typeof CONTENT_SORTS)[number]

export interface Content {
  rows: ContentRow[]
  /** Of how many. */
  count: number
  /** Everybody who came in the span. */
  all: { tally: Tally; mqlRate: Share }
}

/** Which pages, offers, campaigns bring the best leads: the first `limit`, those with most first. */
export async function content(
  reports: Reports,
  { site, touch, span }: Omit<Question, 'contact'>,
  facet: Facet,
  sort: ContentSort,
  limit: number,
): Promise<Content> {
  const everybody = await reports.tally(site, null, 'any', span)
  const all = { tally: everybody, mqlRate: share(everybody.mql, everybody.people) }
  const found = (await reports.tallies(site, facet, touch, span)).map(({ value, ...tally }) => ({
    value,
    tally,
    mqlRate: share(tally.mql, tally.people),
  }))
  // A rate counts for what it is at least: one of one is no better than ninety of a hundred.
  const rank = ({ tally, mqlRate }: (typeof found)[number]) => (sort === 'mql_rate' ? mqlRate.low : tally[sort])
  const shown = found.toSorted((a, b) => rank(b) - rank(a)).slice(0, limit)
  const rows: ContentRow[] = []
  for (const row of shown) {
    const delays = row.tally.mql === 0 ? [] : await reports.delays(site, { facet, value: row.value }, touch, span)
    const lift = all.mqlRate.rate ? (row.mqlRate.rate ?? 0) / all.mqlRate.rate : null
    rows.push({ ...row, lift, medianDays: medianDays(delays) })
  }
  return { rows, count: found.length, all }
}
