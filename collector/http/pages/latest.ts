import type { StoredEvent } from '../../../shared/event.ts'
import { toLeadQuery } from '../leads.ts'
import type { PageParts } from './pages.ts'

/** Of so many persons who were seen last, so many events each are looked at. */
const PERSONS = 10
const OF_EACH = 20

/** The latest events of whoever was seen last, and whose they are; the newest first. */
export async function latestEvents(
  { store, clock }: Pick<PageParts, 'store' | 'clock'>,
  site: number,
): Promise<{ event: StoredEvent; lead: string }[]> {
  const { items } = await store.leads(site, toLeadQuery({ sort: '-last_seen', limit: PERSONS }, clock()))
  const found = await Promise.all(
    items.map(async ({ id }) => (await store.timeline(site, id, OF_EACH)).items.map(event => ({ event, lead: id }))),
  )
  return found.flat().toSorted((a, b) => b.event.at - a.event.at)
}
