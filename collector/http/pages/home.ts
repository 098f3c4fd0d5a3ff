import { homePage, type HomeFigures } from '../../dashboard/home.ts'
import { activities, activity, funnel } from '../../reports/funnel.ts'
import { zone } from '../../reports/zone.ts'
import { thresholdOf } from '../../scoring/threshold.ts'
import { upToDate } from '../find-lead.ts'
import { toLeadQuery } from '../leads.ts'
import { spanBefore } from '../reports.ts'
import type { Route } from '../route.ts'
import { page } from './page.ts'
import type { PageParts } from './pages.ts'
import { periodOf } from './period.ts'

const METRICS = ['visitor', 'lead', 'mql', 'sql', 'customer'] as const

/** `/home`: the page of `GET /v1/reports/funnel`, with what wants attention beside it. */
export function home(parts: PageParts): Route[] {
  const { store, clock } = parts
  return [
    page(parts, '/home', async ({ c, frame }) => {
      const { id: site } = frame.site
      await upToDate(parts)
      const metric = METRICS.find(stage => stage === c.req.query('metric')) ?? 'visitor'
      const tz = zone(frame.words.zone)
      const { days, from, to, span } = periodOf(c.req.query('days'), frame.now, frame.words.zone)
      const before = spanBefore(span, frame.now)
      const interval = days > 180 ? 'month' : days > 60 ? 'week' : 'day'
      const series = await activities(store, site, span, interval, tz)
      const steps = await funnel(store, { site, contact: null, touch: 'any', span })
      const figures: HomeFigures = {
        days,
        from,
        to,
        reached: await activity(store, site, span.from, span.to),
        previous: await activity(store, site, before.from ?? 0, before.to ?? span.from),
        metric,
        interval,
        series: series.map(part => ({ from: part.from, to: part.to, count: part[metric] })),
        funnel: steps.map(({ stage, people, rate, medianDays }) => ({
          stage,
          people,
          rate: rate.rate,
          few: rate.few,
          medianDays,
        })),
        needs: await needsOf(site),
        health: await store.trackingHealth(site),
      }
      return homePage(frame, figures)
    }),
  ]

  async function needsOf(site: number): Promise<HomeFigures['needs']> {
    const count = (given: Parameters<typeof toLeadQuery>[0]) => store.leadCount(site, toLeadQuery(given, clock()))
    const threshold = thresholdOf((await store.model(site)).document, 'mql')
    return {
      waiting: await count({ stage: ['mql'] }),
      fastTrack: await count({ candidate: true }),
      overdue: await count({ overdue: true }),
      deadRules: (await parts.rules.glance(site))?.rules.filter(({ dead }) => dead).map(({ rule }) => rule) ?? [],
      cooled: threshold === null ? null : { threshold, count: await count({ stage: ['mql'], score_lt: threshold }) },
    }
  }
}
