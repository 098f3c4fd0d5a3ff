import * as v from 'valibot'
import { leadView } from '../../shared/lead-view.ts'
import { utc } from '../../shared/utc.ts'
import { lineView } from '../ingest/own-line.ts'
import { explanationOf } from '../reports/explanation.ts'
import { siteKey } from './access.ts'
import { findLead, type LeadParts } from './find-lead.ts'
import { eventView, explanationView, transitionView } from './lead.ts'
import { itemView } from './quarantine.ts'
import { route, type Route } from './route.ts'

/** Bytes of a database that is written anew at once; a larger one is, with whatever else was erased, at night. */
export const OVERWRITTEN_AT_ONCE = 256 * 1024 * 1024

/** `GET /v1/leads/:id/export` and `DELETE /v1/leads/:id`: a person gets what is known of them, or is forgotten. */
export const rights = (parts: LeadParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/leads/:id/export',
    access: siteKey('admin'),
    summary: 'Everything that is kept of a person, as one JSON document',
    answer: null,
    async run({ site, params, c }) {
      const { store, clock } = parts
      const lead = await findLead(parts, site, params.id)
      const [events, transitions, outcomes, line, model] = await Promise.all([
        store.history(site, lead.id),
        store.transitions(site, lead.id),
        store.outcomes(site, lead.id),
        store.personLine(site, lead.id),
        store.model(site),
      ])
      const { identifiers, visitors, former_ids, merges, manual_scores, profiling_stops } = line ? lineView(line) : {}
      const quarantined = await store.quarantinedOf(site, line?.visitors.map(({ visitor }) => visitor) ?? [])
      const whole = {
        exported_at: utc(clock()),
        lead: leadView(lead, clock()),
        identifiers,
        visitors,
        former_ids,
        merges,
        manual_scores,
        profiling_stops,
        outcomes: outcomes.map(outcome => ({ ...outcome, at: utc(outcome.at) })),
        score: explanationView(await explanationOf(store, site, lead, model, clock())),
        transitions: transitions.map(transitionView),
        events: events.map(eventView),
        quarantined: quarantined.map(item => itemView(site, item)),
      }
      c.header('Content-Disposition', `attachment; filename="lead-${lead.id}.json"`)
      c.header('Cache-Control', 'no-store')
      return c.json(whole)
    },
  }),
  route({
    method: 'delete',
    path: '/v1/leads/:id',
    access: siteKey('admin'),
    summary:
      'Forgets a person: everything that is kept of them, in the file as well; what of their past comes later is dropped',
    answer: v.object({
      erased: v.literal(true),
      events: v.number(),
      visitors: v.number(),
      /** False: the file is written anew at night, or as soon as nobody reads what was there. */
      overwritten: v.boolean(),
    }),
    run: ({ site, params }) => eraseLead(parts, site, params.id),
  }),
]

/** Forgets a person, and writes a file anew that is not too large for that. */
export async function eraseLead({ store, writer, clock }: LeadParts, site: number, id: string) {
  const { events, visitors } = await writer.erase(site, id, clock())
  const { size } = await store.erased()
  const overwritten = size <= OVERWRITTEN_AT_ONCE && (await writer.overwrite())
  return { erased: true as const, events, visitors, overwritten }
}
