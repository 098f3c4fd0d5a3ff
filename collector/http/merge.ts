import { Hono } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import { adminOf, findLead, type LeadParts } from './find-lead.ts'
import { optional, readObject, text } from './json.ts'
import { leadView } from './lead.ts'

const OTHER = { id: text(200) }
const LEAVING = { id: optional(text(200)), visitor: optional(text(200)) }

/** `POST /v1/leads/:id/merge` and `/unmerge`: two leads are one human, or were none. */
export function merge(parts: LeadParts): Hono {
  const { writer, auth, clock } = parts
  return new Hono()
    .post('/:id/merge', async c => {
      const { site, actor } = await adminOf(auth, c)
      const { id } = await readObject(c, OTHER)
      const stays = await writer.merge(site, c.req.param('id'), id, actor, clock())
      return c.json(leadView(await findLead(parts, site, stays), clock()))
    })
    .post('/:id/unmerge', async c => {
      const { site, actor } = await adminOf(auth, c)
      const { id, visitor } = await readObject(c, LEAVING)
      if (id !== undefined && visitor !== undefined) {
        throw new Refusal('unprocessable', 'Name either a former id or a visitor.', [
          { pointer: '/visitor', detail: 'must be left out when there is an id' },
        ])
      }
      const lead = await findLead(parts, site, c.req.param('id'))
      // A former id in the path stands for itself.
      const left = await writer.unmerge(site, lead.id, id ?? visitor ?? c.req.param('id'), actor, clock())
      return c.json({
        left: leadView(await findLead(parts, site, left), clock()),
        stayed: leadView(await findLead(parts, site, lead.id), clock()),
      })
    })
}
