import * as v from 'valibot'
import type { QuarantinedItem } from '../../shared/quarantine.ts'
import type { QuarantineReader } from '../store/quarantine.ts'
import { siteKey } from './access.ts'
import { at, listOf } from './answer.ts'
import type { LeadParts } from './find-lead.ts'
import { cursor, noCursor, wholeNumber, writeCursor } from './query.ts'
import { route, type Route } from './route.ts'
import { utc, utcOrNull } from '../../shared/utc.ts'

const itemShape = v.object({
  id: v.number(),
  received_at: at,
  sent_at: v.nullable(at),
  site: v.number(),
  /** Id of the secret key; `null`: the public write key. */
  key: v.nullable(v.string()),
  visitor: v.string(),
  provenance: v.picklist(['server', 'browser', 'weak']),
  mark: v.nullable(v.picklist(['bot', 'foreign_origin', 'missing_origin'])),
  /** Which of Segment's calls it came by. */
  call: v.nullable(v.string()),
  reason: v.string(),
  raw: v.string(),
})

/** `GET /v1/quarantine`: what was acknowledged, but could not be an event. */
export function quarantine({ store }: Pick<LeadParts, 'store'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/quarantine',
      access: siteKey('read'),
      summary: 'What was kept though it could not be an event: as it came, and why; the newest first',
      query: { limit: wholeNumber(1, 500), after: cursor },
      answer: listOf(itemShape),
      async run({ site, query: { limit = 50, after }, c }) {
        const { items, next } = await quarantinePage(store, site, limit, after)
        c.header('Cache-Control', 'no-store')
        return {
          data: items.map(item => itemView(site, item)),
          paging: next === null ? {} : { next: { after: next } },
        }
      },
    }),
  ]
}

/** So many of a quarantine, and the cursor of those that follow. */
export async function quarantinePage(
  store: Pick<QuarantineReader, 'quarantined'>,
  site: number,
  limit: number,
  after?: { value: number; id: string },
): Promise<{ items: QuarantinedItem[]; next: string | null }> {
  const last = after && { receivedAt: after.value, id: Number(after.id) }
  if (last && !Number.isSafeInteger(last.id)) throw noCursor()
  const { items, more } = await store.quarantined(site, { limit, ...(last && { after: last }) })
  const end = items.at(-1)
  return { items, next: more && end ? writeCursor(end.receivedAt, String(end.id)) : null }
}

/** As it is shown. */
export function itemView(
  site: number,
  { id, receivedAt, key, visitor, provenance, reason, raw, sending }: QuarantinedItem,
) {
  const { sentAt, mark, call = null } = sending
  return {
    id,
    received_at: utc(receivedAt),
    sent_at: utcOrNull(sentAt || null),
    site,
    key,
    visitor,
    provenance,
    mark,
    call,
    reason,
    raw,
  }
}
