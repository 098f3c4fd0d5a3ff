import { leadView } from '../../shared/lead-view.ts'
import type { ManualScore } from '../../shared/person.ts'
import { siteKey } from './access.ts'
import { findLead, type LeadParts } from './find-lead.ts'
import { instant, number, object, optional, text } from './json.ts'
import { leadShape } from './lead.ts'
import { route, type Route } from './route.ts'

const path = '/v1/leads/:id/override'

/** `/v1/leads/:id/override`: a score given by hand, shown beside the machine's and never mixed into it. */
export function override(parts: LeadParts): Route[] {
  const { writer, clock } = parts
  const give = async (site: number, id: string, score: ManualScore | null) => {
    await writer.override(site, id, score)
    return leadView(await findLead(parts, site, id), clock())
  }
  return [
    route({
      method: 'post',
      path,
      access: siteKey('admin'),
      summary: "Gives a score by hand, beside the machine's",
      body: object({ score: number(-1_000_000, 1_000_000), reason: text(2_000), until: optional(instant) }),
      answer: leadShape,
      run: ({ site, key, params: { id }, body: { score, reason, until } }) =>
        give(site, id, { score, reason, author: key.id, at: clock(), until: until ?? null }),
    }),
    route({
      method: 'delete',
      path,
      access: siteKey('admin'),
      summary: 'Takes the score given by hand back',
      answer: leadShape,
      run: ({ site, params: { id } }) => give(site, id, null),
    }),
  ]
}
