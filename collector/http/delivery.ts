import * as v from 'valibot'
import { utcOrNull } from '../../shared/utc.ts'
import { delivery as deliveryOf } from '../reports/delivery.ts'
import { siteKey } from './access.ts'
import { at } from './answer.ts'
import type { LeadParts } from './find-lead.ts'
import { shareShape, shareView } from './reports.ts'
import { route, type Route } from './route.ts'
import { SPAN, spanOf } from './when.ts'

const deliveryShape = v.object({
  from: v.nullable(at),
  to: v.nullable(at),
  views: v.number(),
  received: v.number(),
  missing: v.number(),
  loss: shareShape,
})

/** `/v1/reports/delivery`: how much of what pages tell arrives. */
export function delivery({ store }: Pick<LeadParts, 'store'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/reports/delivery',
      access: siteKey('read'),
      summary: 'How much of what pages tell arrives, by the gaps in the running numbers of their events',
      query: SPAN,
      answer: deliveryShape,
      async run({ site, query }) {
        const span = spanOf(query)
        const { views, received, missing, loss } = await deliveryOf(store, site, span)
        return { from: utcOrNull(span.from), to: utcOrNull(span.to), views, received, missing, loss: shareView(loss) }
      },
    }),
  ]
}
