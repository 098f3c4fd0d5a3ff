import { Hono } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import { REASONS, REJECTIONS, STAGES } from '../../shared/stage.ts'
import { adminOf, findLead, type LeadParts } from './find-lead.ts'
import { oneOf, optional, readObject, text } from './json.ts'
import { leadView } from './lead.ts'

const MOVE = { to: oneOf(STAGES), reason: optional(oneOf(REASONS)), note: optional(text(2_000)) }

/** `POST /v1/leads/:id/stage`: somebody moves a lead. `mql` → `sql` is sales' accept. */
export function stage(parts: LeadParts): Hono {
  const { writer, auth, clock } = parts
  return new Hono().post('/:id/stage', async c => {
    const { site, actor } = await adminOf(auth, c)
    const { to, reason, note } = await readObject(c, MOVE)
    if (REJECTIONS.includes(to) && reason === undefined) {
      throw new Refusal('unprocessable', `Say why the lead is ${to}.`, [
        { pointer: '/reason', detail: `must be one of ${REASONS.join(', ')}` },
      ])
    }
    const id = c.req.param('id')
    await writer.move(site, id, { to, actor, ...(reason && { reason }), ...(note && { note }) }, clock())
    return c.json(leadView(await findLead(parts, site, id), clock()))
  })
}
