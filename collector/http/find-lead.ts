import type { Instant } from '../../shared/instant.ts'
import type { Lead, LeadQuery } from '../../shared/lead.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Verbs } from '../ingest/writer.ts'
import type { Store } from '../store/store.ts'

/** What everything about leads needs. What changes persons is asked of the writer, never of the store. */
export interface LeadParts {
  store: Store
  writer: Verbs
  clock: () => Instant
  log: (error: unknown) => void
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

const FOLD_AT_ONCE = 500

/** What of a list of leads follows from what has been folded. */
const FOLDED = ['contacts', 'came', 'reached', 'search', 'company'] as const satisfies (keyof LeadQuery)[]

/** What is asked next counts what has happened until now, or, while very much happens, until a minute ago. */
export async function upToDate(
  { writer, log }: Pick<LeadParts, 'writer' | 'log'>,
  query?: Partial<LeadQuery>,
): Promise<void> {
  if (query && FOLDED.every(name => query[name] === undefined)) return
  await writer.fold(FOLD_AT_ONCE).catch(log)
}
