import { leadView } from '../../shared/lead-view.ts'
import { Refusal } from '../../shared/refusal.ts'
import { REASONS, REJECTIONS, STAGES } from '../../shared/stage.ts'
import { siteKey } from './access.ts'
import { findLead, type LeadParts } from './find-lead.ts'
import { object, oneOf, optional, text } from './json.ts'
import { leadShape } from './lead.ts'
import { route, type Route } from './route.ts'

/** `POST /v1/leads/:id/stage`: somebody moves a lead. `mql` → `sql` is sales' accept. */
export const stage = (parts: LeadParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/leads/:id/stage',
    access: siteKey('admin'),
    summary: 'Moves a lead by hand: accept, recycle or disqualify with a reason',
    body: object({ to: oneOf(STAGES), reason: optional(oneOf(REASONS)), note: optional(text(2_000)) }),
    answer: leadShape,
    async run({ site, key, params: { id }, body: { to, reason, note } }) {
      const { writer, clock } = parts
      if (REJECTIONS.includes(to) && !reason) {
        throw new Refusal('unprocessable', `Say why the lead is ${to}.`, [
          { pointer: '/reason', detail: `must be one of ${REASONS.join(', ')}` },
        ])
      }
      await writer.move(site, id, { to, actor: key.id, ...(reason && { reason }), ...(note && { note }) }, clock())
      return leadView(await findLead(parts, site, id), clock())
    },
  }),
]
