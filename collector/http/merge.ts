import * as v from 'valibot'
import { leadView } from '../../shared/lead-view.ts'
import { Refusal } from '../../shared/refusal.ts'
import { siteKey } from './access.ts'
import { findLead, type LeadParts } from './find-lead.ts'
import { object, optional, text } from './json.ts'
import { leadShape } from './lead.ts'
import { route, type Route } from './route.ts'

/** `POST /v1/leads/:id/merge` and `/unmerge`: two leads are one human, or were none. */
export function merge(parts: LeadParts): Route[] {
  const { writer, clock } = parts
  const view = async (site: number, id: string) => leadView(await findLead(parts, site, id), clock())
  return [
    route({
      method: 'post',
      path: '/v1/leads/:id/merge',
      access: siteKey('admin'),
      summary: 'Joins two leads who are one human',
      body: object({ id: text(200) }),
      answer: leadShape,
      run: async ({ site, key, params, body: { id } }) =>
        view(site, await writer.merge(site, params.id, id, key.id, clock())),
    }),
    route({
      method: 'post',
      path: '/v1/leads/:id/unmerge',
      access: siteKey('admin'),
      summary: 'Parts them again, exactly, by a former id or a visitor',
      body: object({ id: optional(text(200)), visitor: optional(text(200)) }),
      answer: v.object({ left: leadShape, stayed: leadShape }),
      async run({ site, key, params, body: { id, visitor } }) {
        if (id && visitor) {
          throw new Refusal('unprocessable', 'Name either a former id or a visitor.', [
            { pointer: '/visitor', detail: 'must be left out when there is an id' },
          ])
        }
        const found = await findLead(parts, site, params.id)
        // A former id in the path stands for itself.
        const left = await writer.unmerge(site, found.id, id ?? visitor ?? params.id, key.id, clock())
        return { left: await view(site, left), stayed: await view(site, found.id) }
      },
    }),
  ]
}
