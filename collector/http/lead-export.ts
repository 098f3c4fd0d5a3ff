import { leadView } from '../../shared/lead-view.ts'
import type { Lead, LeadQuery } from '../../shared/lead.ts'
import { breath } from '../reports/breath.ts'
import { siteKey } from './access.ts'
import { csv, DIALECTS, type Cell } from './csv.ts'
import { upToDate, type LeadParts } from './find-lead.ts'
import { LEAD_FILTERS, placeOf, toLeadQuery, type LeadParameters } from './leads.ts'
import { oneOf } from './query.ts'
import { route, type Route } from './route.ts'

/** Leads that are read at once: as many as fit into a few milliseconds. */
const AT_ONCE = 250

const { limit: _, after: __, ...FILTERS } = LEAD_FILTERS

/** `/v1/leads.csv` and `/v1/leads.ndjson`: all that a list has, however many they are, read as fast as they are taken. */
export function leadExports(parts: LeadParts): Route[] {
  const { store, clock } = parts

  /** In the order in which they first came unless another is asked for: it stays while scores change. */
  async function* leads(site: number, given: Partial<LeadParameters>): AsyncGenerator<Lead[]> {
    let query: LeadQuery = { ...toLeadQuery({ sort: 'first_seen', ...given }, clock()), limit: AT_ONCE }
    await upToDate(parts, query)
    for (;;) {
      const { items, more } = await store.leads(site, query)
      yield items
      const last = items.at(-1)
      if (!more || !last) return
      query = { ...query, after: placeOf(query, last) }
      await breath()
    }
  }

  return [
    route({
      method: 'get',
      path: '/v1/leads.csv',
      access: siteKey('read'),
      summary: 'The same as CSV (RFC 4180), or with dialect=excel-eu as Excel opens it in most of Europe',
      query: { ...FILTERS, dialect: oneOf(DIALECTS) },
      answer: null,
      media: 'text/csv',
      run({ site, query: { dialect = 'rfc4180', ...given } }) {
        const { head, lines } = csv(Object.keys(COLUMNS), dialect)
        const columns = Object.values(COLUMNS)
        const text = async function* () {
          yield head
          for await (const some of leads(site, given)) yield lines(some.map(lead => columns.map(cell => cell(lead))))
        }
        return streamed(text(), {
          'Content-Type': 'text/csv; charset=utf-8; header=present',
          'Content-Disposition': 'attachment; filename="leads.csv"',
        })
      },
    }),
    route({
      method: 'get',
      path: '/v1/leads.ndjson',
      access: siteKey('read'),
      summary: 'The same, one JSON object a line',
      query: FILTERS,
      answer: null,
      media: 'application/x-ndjson',
      run({ site, query }) {
        const text = async function* () {
          for await (const some of leads(site, query))
            yield some.map(lead => `${JSON.stringify(leadView(lead, clock()))}\n`).join('')
        }
        return streamed(text(), { 'Content-Type': 'application/x-ndjson' })
      },
    }),
  ]
}

/** Nothing is read before it is asked for: a slow reader costs no memory. */
function streamed(text: AsyncGenerator<string>, headers: Record<string, string>): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await text.next()
        if (done) controller.close()
        else if (value !== '') controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await text.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { ...headers, 'X-Content-Type-Options': 'nosniff' } })
}

const date = (at: number | null): Date | null => (at === null ? null : new Date(at))
const trait = ({ traits }: Lead, name: string): Cell => {
  const value = traits[name]?.value ?? null
  return value === null || typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
}

/** One line a column: its name, and what stands in its cells. */
const COLUMNS: Record<string, (lead: Lead) => Cell> = {
  id: ({ id }) => id,
  stage: ({ stage }) => stage,
  stage_since: ({ stageSince }) => date(stageSince),
  score: ({ score }) => score,
  engagement: ({ engagement }) => engagement,
  fit: ({ fit }) => fit,
  grade: ({ grade }) => grade,
  email: lead => trait(lead, 'email'),
  name: lead => trait(lead, 'name'),
  company: lead => trait(lead, 'company'),
  first_source: ({ firstTouch }) => firstTouch?.source ?? null,
  first_medium: ({ firstTouch }) => firstTouch?.medium ?? null,
  first_campaign: ({ firstTouch }) => firstTouch?.campaign ?? null,
  last_source: ({ lastTouch }) => lastTouch?.source ?? null,
  last_medium: ({ lastTouch }) => lastTouch?.medium ?? null,
  last_campaign: ({ lastTouch }) => lastTouch?.campaign ?? null,
  first_seen: ({ firstSeen }) => date(firstSeen),
  last_seen: ({ lastSeen }) => date(lastSeen),
  visits: ({ visits }) => visits,
  engaged_seconds: ({ engagedMs }) => Math.floor(engagedMs / 1_000),
  cools_at: ({ coolsAt }) => date(coolsAt),
  top_reasons: ({ topReasons }) => topReasons.map(({ rule, points }) => `${rule} (${points})`).join(', '),
  labels: ({ labels }) => labels.join(', '),
  candidate_since: ({ candidateSince }) => date(candidateSince),
  traits: ({ traits }) =>
    JSON.stringify(Object.fromEntries(Object.entries(traits).map(([name, { value }]) => [name, value]))),
}
