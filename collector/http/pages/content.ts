import type { Context } from 'hono'
import { FACETS, TOUCH_KINDS } from '../../../shared/facet.ts'
import { contentPage } from '../../dashboard/content.ts'
import type { Frame } from '../../dashboard/frame.ts'
import { content as contentReport, CONTENT_SORTS } from '../../reports/content.ts'
import { csv, type Cell } from '../csv.ts'
import { upToDate } from '../find-lead.ts'
import { contentView } from '../reports.ts'
import type { Route } from '../route.ts'
import { page } from './page.ts'
import type { PageParts } from './pages.ts'
import { periodOf } from './period.ts'

/** Rows on the page, and in a file. */
const SHOWN = 50
const IN_FILE = 1_000

/** `/content`: the page of `GET /v1/reports/content`; with `.csv` and `.json` the same as a file. */
export function content(parts: PageParts): Route[] {
  async function found(c: Context, frame: Frame, limit: number) {
    await upToDate(parts)
    const by = FACETS.find(facet => facet === c.req.query('by')) ?? 'page'
    const touch = TOUCH_KINDS.find(kind => kind === c.req.query('touch')) ?? 'any'
    const sort = CONTENT_SORTS.find(name => `-${name}` === c.req.query('sort')) ?? 'people'
    const period = periodOf(c.req.query('days'), frame.now, frame.words.zone)
    const question = { site: frame.site.id, touch, span: period.span }
    const report = await contentReport(parts.store, question, by, sort, limit)
    return { by, touch, sort, period, report }
  }

  async function view(c: Context, frame: Frame) {
    const { by, touch, period, report } = await found(c, frame, IN_FILE)
    return contentView({ span: period.span, tz: frame.words.zone, by, touch }, report)
  }

  return [
    page(parts, '/content', async ({ c, frame }) => contentPage(frame, await found(c, frame, SHOWN))),
    page(parts, '/content.json', async ({ c, frame }) => c.json(await view(c, frame), 200, PRIVATE)),
    page(parts, '/content.csv', async ({ c, frame }) => {
      const report = await view(c, frame)
      const { head, lines } = csv(Object.keys(COLUMNS), 'rfc4180')
      return c.body(head + lines(report.data.map(cells)), 200, {
        ...PRIVATE,
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${report.by}.csv"`,
      })
    }),
  ]
}

const PRIVATE = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

type Row = ReturnType<typeof contentView>['data'][number]

/** The columns of the CSV, by the names that the API has for them. */
const COLUMNS: Record<string, (row: Row) => Cell> = {
  value: row => row.value,
  people: row => row.people,
  leads: row => row.leads,
  mqls: row => row.mqls,
  sqls: row => row.sqls,
  customers: row => row.customers,
  mql_rate: row => row.mql_rate.rate,
  mql_rate_low: row => row.mql_rate.low,
  mql_rate_high: row => row.mql_rate.high,
  few: row => (row.mql_rate.few ? 1 : 0),
  lift: row => row.lift,
  median_days: row => row.median_days,
}

const cells = (row: Row): Cell[] => Object.values(COLUMNS).map(read => read(row))
