import { DAY, type Instant } from '../../../shared/instant.ts'
import type { Lead } from '../../../shared/lead.ts'
import { Refusal } from '../../../shared/refusal.ts'
import { link } from '../../dashboard/frame.ts'
import { leadsPage, type LeadRow } from '../../dashboard/leads.ts'
import { trend } from '../../scoring/trend.ts'
import type { VersionedModel } from '../../store/models.ts'
import { upToDate } from '../find-lead.ts'
import { cursorOf, LEAD_FILTERS, toLeadQuery } from '../leads.ts'
import { text } from '../query.ts'
import type { Route } from '../route.ts'
import { filled, form, page, readQuery } from './page.ts'
import type { PageParts } from './pages.ts'

/** Leads on a page. */
const PAGE = 25

/** Characters of a view's name. */
const MAX_NAME = 60

/** A score's trend: so many days back, one point a day. */
const TREND_DAYS = 28
/** Events of the longest history whose trend is shown in a list: reading more would keep the page waiting. */
const TREND_EVENTS = 1_000

/** `/leads`: the page of `GET /v1/leads`, with the same query. */
export function leads(parts: PageParts): Route[] {
  const { store, writer, clock } = parts

  async function trendOf(
    site: number,
    { id, profilingStopped }: Lead,
    model: VersionedModel,
    now: Instant,
  ): Promise<LeadRow['trend']> {
    const { items, more } = await store.timeline(site, id, TREND_EVENTS)
    return more ? null : trend(model.document, model.version, items, daysUntil(now), profilingStopped)
  }

  return [
    page(parts, '/leads', async ({ c, frame }) => {
      const { id: site } = frame.site
      const { site: _, ...query } = filled(c.req.query())
      const wanted = toLeadQuery({ limit: PAGE, ...readQuery(LEAD_FILTERS, query) }, clock())
      await upToDate(parts, wanted)
      const { items, more } = await store.leads(site, wanted)
      const total = await store.leadCount(site, wanted)
      const model = await store.model(site)
      const rows = []
      for (const lead of items) rows.push({ lead, trend: await trendOf(site, lead, model, frame.now) })
      const last = items.at(-1)
      const after = more && last ? cursorOf(wanted, last) : null
      const views = await store.savedViews(site)
      return leadsPage(frame, { rows, total, query, after, views, top: model.document.total.max ?? 100 })
    }),

    form(parts, '/leads/views', { name: text, query: text }, async ({ frame, given: { name = '', query = '' } }) => {
      const asked = new URLSearchParams(query)
      for (const moving of ['after', 'site']) asked.delete(moving)
      readQuery(LEAD_FILTERS, filled(Object.fromEntries(asked)))
      const named = name.trim()
      if (named === '' || named.length > MAX_NAME)
        throw new Refusal('unprocessable', 'The view needs a name.', [
          { pointer: '/name', detail: `must have 1 to ${MAX_NAME} characters` },
        ])
      const view = { name: named, query: asked.toString() }
      await writer.saveView(frame.site.id, view, frame.account.id, clock())
      return { to: link(frame, '/leads', Object.fromEntries(asked)), notice: 'saved' }
    }),
    form(parts, '/leads/views/:id/remove', {}, async ({ frame, params }) => {
      await writer.removeView(frame.site.id, Number(params.id))
      return { notice: 'removed' }
    }),
  ]
}

const daysUntil = (now: Instant): Instant[] =>
  Array.from({ length: TREND_DAYS + 1 }, (_, index) => now - (TREND_DAYS - index) * DAY)
