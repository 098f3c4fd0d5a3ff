import { Hono } from 'hono'
import type { ManualScore } from '../../shared/person.ts'
import { readInstant } from '../ingest/event.ts'
import { adminOf, findLead, type LeadParts } from './find-lead.ts'
import { number, optional, readObject, text, type Field } from './json.ts'
import { leadView } from './lead.ts'

const instant: Field<number> = value => {
  const at = typeof value === 'string' || typeof value === 'number' ? readInstant(value) : null
  if (at !== null) return at
  throw new Error('must be an instant in RFC 3339, like 2026-11-22T12:00:00Z')
}

const GIVEN = { score: number(-1_000_000, 1_000_000), reason: text(2_000), until: optional(instant) }

/** `/v1/leads/:id/override`: a score given by hand, shown beside the machine's and never mixed into it. */
export function override(parts: LeadParts): Hono {
  const { writer, auth, clock } = parts
  const give = async (site: number, id: string, score: ManualScore | null) => {
    await writer.override(site, id, score)
    return leadView(await findLead(parts, site, id), clock())
  }
  return new Hono()
    .post('/:id/override', async c => {
      const { site, actor: author } = await adminOf(auth, c)
      const { score, reason, until = null } = await readObject(c, GIVEN)
      return c.json(await give(site, c.req.param('id'), { score, reason, author, at: clock(), until }))
    })
    .delete('/:id/override', async c => {
      const { site } = await adminOf(auth, c)
      return c.json(await give(site, c.req.param('id'), null))
    })
}
