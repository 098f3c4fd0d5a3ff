import { FACETS } from '../../shared/facet.ts'
import type { Instant, Span } from '../../shared/instant.ts'
import { leadView } from '../../shared/lead-view.ts'
import { LEAD_SORTS, type Lead, type LeadQuery, type LeadSort } from '../../shared/lead.ts'
import { STEPS } from '../../shared/milestone.ts'
import { Refusal } from '../../shared/refusal.ts'
import { STAGES } from '../../shared/stage.ts'
import { readUuid } from '../../shared/uuid.ts'
import { explanationOf } from '../reports/explanation.ts'
import { siteKey } from './access.ts'
import { listOf } from './answer.ts'
import { facetFilters, touchKind } from './contact.ts'
import type { FieldsRead } from './fields.ts'
import { findLead, upToDate, type LeadParts } from './find-lead.ts'
import {
  eventShape,
  eventView,
  explanationShape,
  explanationView,
  leadShape,
  transitionShape,
  transitionView,
} from './lead.ts'
import { merge } from './merge.ts'
import { override } from './override.ts'
import { profiling } from './profiling.ts'
import { cursor, flag, instant, noCursor, number, oneOf, someOf, text, wholeNumber, writeCursor } from './query.ts'
import { route, type Route } from './route.ts'
import { stage } from './stage.ts'
import { instantOf, SPAN, spanOf, when } from './when.ts'

const DEFAULT_LIMIT = 50
const limit = wholeNumber(1, 500)

const sort = oneOf(LEAD_SORTS.flatMap(name => [name, `-${name}`] as const))

/** One line a filter: its name in the query string, and how it is read. */
export const LEAD_FILTERS = {
  stage: someOf(STAGES),
  score_gte: number,
  score_lt: number,
  grade: text,
  label: text,
  candidate: flag,
  overdue: flag,
  seen_since: when,
  ...facetFilters,
  touch: touchKind,
  ...SPAN,
  reached: oneOf(STEPS),
  reached_from: when,
  reached_to: when,
  company: text,
  q: text,
  sort,
  limit,
  after: cursor,
}

export type LeadParameters = FieldsRead<typeof LEAD_FILTERS>

export function toLeadQuery(given: Partial<LeadParameters>, now: Instant): LeadQuery {
  const order = given.sort ?? '-score'
  const { after } = given
  if (after && after.order !== order) throw noCursor()
  const contacts = FACETS.flatMap(facet => (given[facet] === undefined ? [] : [{ facet, value: given[facet] }]))
  return {
    ...(given.stage && { stages: given.stage }),
    ...(given.score_gte !== undefined && { scoreGte: given.score_gte }),
    ...(given.score_lt !== undefined && { scoreLt: given.score_lt }),
    ...(given.grade !== undefined && { grade: given.grade }),
    ...(given.label !== undefined && { label: given.label }),
    ...(given.candidate !== undefined && { candidate: given.candidate }),
    ...(given.overdue && { overdueAt: now }),
    ...(given.seen_since !== undefined && { seenSince: instantOf(given.seen_since, given.tz) }),
    ...(contacts.length > 0 && { contacts, touch: given.touch ?? 'any' }),
    ...((given.from ?? given.to) !== undefined && { came: spanOf(given) }),
    ...(given.reached && { reached: given.reached, reachedIn: reachedIn(given) }),
    ...(given.company !== undefined && { company: given.company }),
    ...(given.q !== undefined && { search: given.q }),
    sort: order.replace('-', '') as LeadSort,
    descending: order.startsWith('-'),
    limit: given.limit ?? DEFAULT_LIMIT,
    ...(after && { after: { value: after.value, id: after.id } }),
  }
}

function reachedIn({ reached_from: from, reached_to: to, tz }: Partial<LeadParameters>): Span {
  return spanOf({ from, to, tz }, '/reached_to')
}

const SORT_VALUE: Record<LeadSort, (lead: Lead) => number> = {
  score: lead => lead.score,
  last_seen: lead => lead.lastSeen ?? 0,
  first_seen: lead => lead.firstSeen ?? 0,
  stage_since: lead => lead.stageSince ?? 0,
}

/** Where the page after this lead begins. */
export const placeOf = ({ sort: order }: LeadQuery, last: Lead): { value: number; id: string } => ({
  value: SORT_VALUE[order](last),
  id: last.id,
})

/** The same, as it is handed out. */
export function cursorOf(query: LeadQuery, last: Lead): string {
  const { value, id } = placeOf(query, last)
  return writeCursor(value, id, `${query.descending ? '-' : ''}${query.sort}`)
}

/** `/v1/leads`: who is warm, and why. */
export function leads(parts: LeadParts): Route[] {
  const { store, clock } = parts
  const find = (site: number, id: string): Promise<Lead> => findLead(parts, site, id)
  const access = siteKey('read')

  return [
    route({
      method: 'get',
      path: '/v1/leads',
      access,
      summary: 'Who is warm, and why',
      query: LEAD_FILTERS,
      answer: listOf(leadShape),
      async run({ site, query: given }) {
        const query = toLeadQuery(given, clock())
        await upToDate(parts, query)
        const { items, more } = await store.leads(site, query)
        const last = items.at(-1)
        return {
          data: items.map(item => leadView(item, clock())),
          paging: more && last ? { next: { after: cursorOf(query, last) } } : {},
        }
      },
    }),
    route({
      method: 'get',
      path: '/v1/leads/:id',
      access,
      summary: 'One person, by id or any former id',
      answer: leadShape,
      run: async ({ site, params }) => leadView(await find(site, params.id), clock()),
    }),
    route({
      method: 'get',
      path: '/v1/leads/:id/timeline',
      access,
      summary: 'Events, the newest first',
      query: { limit, after: cursor },
      answer: listOf(eventShape),
      async run({ site, params, query }) {
        const { id } = await find(site, params.id)
        const after = query.after && { at: query.after.value, id: eventId(query.after.id) }
        const { items, more } = await store.timeline(site, id, query.limit ?? DEFAULT_LIMIT, after)
        const last = items.at(-1)
        return {
          data: items.map(eventView),
          paging: more && last ? { next: { after: writeCursor(last.at, last.id) } } : {},
        }
      },
    }),
    route({
      method: 'get',
      path: '/v1/leads/:id/transitions',
      access,
      summary: 'Every step, with its cause, its actor and, at the hand-over, the explanation as it was then',
      answer: listOf(transitionShape),
      async run({ site, params }) {
        const { id } = await find(site, params.id)
        return { data: (await store.transitions(site, id)).map(transitionView), paging: {} }
      },
    }),
    route({
      method: 'get',
      path: '/v1/leads/:id/score',
      access,
      summary: 'The explanation, at any instant, under any version of the model',
      query: { at: instant, model: wholeNumber(1, 1_000_000) },
      answer: explanationShape,
      async run({ site, params, query }) {
        const lead = await find(site, params.id)
        const model = query.model === undefined ? await store.model(site) : await store.modelVersion(site, query.model)
        if (!model) throw new Refusal('not_found', `There is no version ${query.model} of the model.`)
        return explanationView(await explanationOf(store, site, lead, model, query.at ?? clock()))
      },
    }),
    ...stage(parts),
    ...override(parts),
    ...profiling(parts),
    ...merge(parts),
  ]
}

function eventId(id: string): string {
  const uuid = readUuid(id)
  if (uuid === null) throw noCursor()
  return uuid
}
