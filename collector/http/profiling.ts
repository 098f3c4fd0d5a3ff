import { leadView } from '../../shared/lead-view.ts'
import { STOP_REASONS } from '../../shared/person.ts'
import { siteKey } from './access.ts'
import { findLead, type LeadParts } from './find-lead.ts'
import { object, oneOf, optional } from './json.ts'
import { leadShape } from './lead.ts'
import { route, type Route } from './route.ts'

/** `/v1/leads/:id/stop_profiling`: somebody objects to being scored, or takes the objection back. */
export function profiling(parts: LeadParts): Route[] {
  const { writer, clock } = parts
  const path = '/v1/leads/:id/stop_profiling'
  const access = siteKey('admin')
  const view = async (site: number, id: string) => leadView(await findLead(parts, site, id), clock())
  return [
    route({
      method: 'post',
      path,
      access,
      summary: 'Somebody objects to being scored: no score from now on, with the reason shown',
      body: object({ reason: optional(oneOf(STOP_REASONS)) }),
      answer: leadShape,
      async run({ site, key, params: { id }, body: { reason } }) {
        await writer.stopProfiling(site, id, { reason: reason ?? 'objection', actor: key.id }, clock())
        return view(site, id)
      },
    }),
    route({
      method: 'delete',
      path,
      access,
      summary: 'The objection is taken back: all that was kept counts again',
      answer: leadShape,
      async run({ site, params: { id } }) {
        await writer.resumeProfiling(site, id, clock())
        return view(site, id)
      },
    }),
  ]
}
