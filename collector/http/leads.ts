import { Hono } from 'hono'
import { LEAD_SORTS, type Lead, type LeadQuery, type LeadSort } from '../../shared/lead.ts'
import { Refusal } from '../../shared/refusal.ts'
import { STAGES } from '../../shared/stage.ts'
import { readUuid } from '../../shared/uuid.ts'
import { explain } from '../scoring/explain.ts'
import { findLead, type LeadParts } from './find-lead.ts'
import { eventView, explanationView, leadView, transitionView } from './lead.ts'
import { merge } from './merge.ts'
import { override } from './override.ts'
import { instant, listOf, number, oneOf, readCursor, readQuery, text, wholeNumber, writeCursor } from './query.ts'
import { stage } from './stage.ts'

const DEFAULT_LIMIT = 50
const limit = wholeNumber(1, 500)

const sort = oneOf(LEAD_SORTS.flatMap(name => [name, `-${name}`] as const))

/** One line a filter: its name in the query string, and how it is read. */
const FILTERS = {
  site: text,
  stage: listOf(oneOf(STAGES)),
  score_gte: number,
  grade: text,
  seen_since: instant,
  source: text,
  campaign: text,
  company: text,
  q: text,
  sort,
  limit,
  after: readCursor,
}

type Given = { [Name in keyof typeof FILTERS]: ReturnType<(typeof FILTERS)[Name]> }

function toQuery(given: Partial<Given>): LeadQuery {
  const order = given.sort ?? '-score'
  return {
    ...(given.stage && { stages: given.stage }),
    ...(given.score_gte !== undefined && { scoreGte: given.score_gte }),
    ...(given.grade !== undefined && { grade: given.grade }),
    ...(given.seen_since !== undefined && { seenSince: given.seen_since }),
    ...(given.source !== undefined && { source: given.source }),
    ...(given.campaign !== undefined && { campaign: given.campaign }),
    ...(given.company !== undefined && { company: given.company }),
    ...(given.q !== undefined && { search: given.q }),
    sort: order.replace('-', '') as LeadSort,
    descending: order.startsWith('-'),
    limit: given.limit ?? DEFAULT_LIMIT,
    ...(given.after && { after: given.after }),
  }
}

const SORT_VALUE: Record<LeadSort, (lead: Lead) => number> = {
  score: lead => lead.score,
  last_seen: lead => lead.lastSeen ?? 0,
  first_seen: lead => lead.firstSeen ?? 0,
  stage_since: lead => lead.stageSince ?? 0,
}

/** `/v1/leads`: who is warm, and why. */
export function leads(parts: LeadParts): Hono {
  const { store, auth, clock } = parts
  const find = (site: number, id: string): Promise<Lead> => findLead(parts, site, id)

  return new Hono()
    .get('/', async c => {
      const site = await auth.site(c, 'read')
      const query = toQuery(readQuery<Given>(c.req.query(), FILTERS))
      const { items, more } = await store.leads(site, query)
      const last = items.at(-1)
      return c.json({
        data: items.map(lead => leadView(lead, clock())),
        paging: more && last ? { next: { after: writeCursor(SORT_VALUE[query.sort](last), last.id) } } : {},
      })
    })
    .get('/:id', async c => {
      const site = await auth.site(c, 'read')
      return c.json(leadView(await find(site, c.req.param('id')), clock()))
    })
    .get('/:id/timeline', async c => {
      const site = await auth.site(c, 'read')
      const lead = await find(site, c.req.param('id'))
      const given = readQuery(c.req.query(), { site: text, limit, after: readCursor })
      const after = given.after && { at: given.after.value, id: eventId(given.after.id) }
      const { items, more } = await store.timeline(site, lead.id, given.limit ?? DEFAULT_LIMIT, after)
      const last = items.at(-1)
      return c.json({
        data: items.map(eventView),
        paging: more && last ? { next: { after: writeCursor(last.at, last.id) } } : {},
      })
    })
    .get('/:id/transitions', async c => {
      const site = await auth.site(c, 'read')
      const lead = await find(site, c.req.param('id'))
      return c.json({ data: (await store.transitions(site, lead.id)).map(transitionView), paging: {} })
    })
    .get('/:id/score', async c => {
      const site = await auth.site(c, 'read')
      const lead = await find(site, c.req.param('id'))
      const given = readQuery(c.req.query(), { site: text, at: instant, model: wholeNumber(1, 1_000_000) })
      const model = given.model === undefined ? await store.model(site) : await store.modelVersion(site, given.model)
      if (!model) throw new Refusal('not_found', `There is no version ${given.model} of the model.`)
      const history = await store.history(site, lead.id)
      return c.json(explanationView(explain(model.document, model.version, history, given.at ?? clock())))
    })
    .route('/', stage(parts))
    .route('/', override(parts))
    .route('/', merge(parts))
}

function eventId(id: string): string {
  const uuid = readUuid(id)
  if (uuid === null)
    throw new Refusal('invalid', 'The query is not well-formed.', [
      { pointer: '/after', detail: 'must be a paging.next.after of this list' },
    ])
  return uuid
}
