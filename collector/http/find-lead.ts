import type { Instant } from '../../shared/instant.ts'
import type { Lead } from '../../shared/lead.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Verbs } from '../ingest/writer.ts'
import type { Store } from '../store/store.ts'

/** What everything about leads needs. What changes persons is asked of the writer, never of the store. */
export interface LeadParts {
  store: Store
  writer: Verbs
  clock: () => Instant
}

/** A lead by id or any former id, as the live model sees it. */
export async function findLead({ store, writer, clock }: LeadParts, site: number, id: string): Promise<Lead> {
  const lead = await store.lead(site, id)
  if (!lead) throw new Refusal('not_found', `There is no lead ${id}.`)
  const { version } = await store.model(site)
  if (lead.model === version) return lead
  await writer.rejudge(site, lead.id, clock())
  return (await store.lead(site, lead.id)) ?? lead
}
