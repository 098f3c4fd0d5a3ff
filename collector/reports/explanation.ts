import type { Instant } from '../../shared/instant.ts'
import type { Lead } from '../../shared/lead.ts'
import type { NeedWords } from '../../shared/need.ts'
import type { Explanation } from '../../shared/score.ts'
import { explain } from '../scoring/explain.ts'
import type { VersionedModel } from '../store/models.ts'
import type { Store } from '../store/store.ts'

/** Where every point of a lead comes from, at any instant, under any version of the model; `words` says what is missing, in English by default. */
export async function explanationOf(
  store: Pick<Store, 'history' | 'decided'>,
  site: number,
  lead: Pick<Lead, 'id' | 'model' | 'stage' | 'stageSince'>,
  { document, version }: VersionedModel,
  at: Instant,
  words?: NeedWords,
): Promise<Explanation> {
  const history = await store.history(site, lead.id)
  const { decisions, profilingStopped } = await store.decided(site, lead.id)
  // A stage that was reached stays, whatever another version would make of it.
  const reached = lead.model === version && lead.stageSince !== null ? [{ to: lead.stage, at: lead.stageSince }] : []
  return explain(document, version, history, at, { decisions: [...decisions, ...reached], profilingStopped }, words)
}
