import * as v from 'valibot'
import { FACETS, TOUCH_FACETS, TOUCH_KINDS, type Facet, type TouchKind } from '../../shared/facet.ts'
import { DAY, type Instant, type Span } from '../../shared/instant.ts'
import { STEPS } from '../../shared/milestone.ts'
import { Refusal } from '../../shared/refusal.ts'
import { utc, utcOrNull } from '../../shared/utc.ts'
import { CONTENT_SORTS, content, type Content, type ContentRow } from '../reports/content.ts'
import { activities, activity, funnel, type Activity, type FunnelStep, type Share } from '../reports/funnel.ts'
import { INTERVALS, type Interval } from '../reports/zone.ts'
import type { Contact, Tally } from '../store/reports.ts'
import { siteKey } from './access.ts'
import { at } from './answer.ts'
import { facetFilters, touchKind } from './contact.ts'
import { upToDate, type LeadParts } from './find-lead.ts'
import { oneOf, wholeNumber } from './query.ts'
import { route, type Route } from './route.ts'
import { SPAN, spanOf, zoneOf } from './when.ts'

export const shareShape = v.object({
  rate: v.nullable(v.number()),
  low: v.number(),
  high: v.number(),
  of: v.number(),
  few: v.boolean(),
})
const tallyShape = v.object({
  people: v.number(),
  subscribers: v.number(),
  leads: v.number(),
  mqls: v.number(),
  sqls: v.number(),
  opportunities: v.number(),
  customers: v.number(),
})
const stageCounts = v.object({
  visitor: v.number(),
  subscriber: v.number(),
  lead: v.number(),
  mql: v.number(),
  sql: v.number(),
  opportunity: v.number(),
  customer: v.number(),
})
const stepShape = v.object({
  stage: v.picklist(['visitor', ...STEPS]),
  people: v.number(),
  rate: shareShape,
  share: shareShape,
  median_days: v.nullable(v.number()),
})
export const spanShape = v.object({ from: v.nullable(at), to: v.nullable(at) })
const seriesShape = v.array(v.object({ from: at, to: at, ...stageCounts.entries }))
const funnelShape = v.object({
  ...spanShape.entries,
  tz: v.string(),
  steps: v.array(stepShape),
  reached: stageCounts,
  series: v.optional(seriesShape),
  previous: v.optional(v.object({ ...spanShape.entries, steps: v.array(stepShape), reached: stageCounts })),
})
const rowShape = v.object({
  value: v.string(),
  ...tallyShape.entries,
  mql_rate: shareShape,
  lift: v.nullable(v.number()),
  median_days: v.nullable(v.number()),
})
const contentShape = v.object({
  ...spanShape.entries,
  tz: v.string(),
  by: v.picklist(FACETS),
  touch: v.picklist(TOUCH_KINDS),
  all: v.object({ ...tallyShape.entries, mql_rate: shareShape }),
  data: v.array(rowShape),
  /** Of how many values `data` shows the first. */
  count: v.number(),
  previous: v.optional(v.object({ ...spanShape.entries, data: v.array(rowShape) })),
})

const compare = oneOf(['previous'])

/** `/v1/reports`: which pages, offers and campaigns bring the best leads, and how far people come. */
export function reports(parts: LeadParts): Route[] {
  const { store, clock } = parts
  const access = siteKey('read')

  const contentBy = (path: string, summary: string, facets: readonly Facet[], touchByDefault: TouchKind) =>
    route({
      method: 'get',
      path,
      access,
      summary,
      query: {
        ...SPAN,
        by: oneOf(facets),
        touch: touchKind,
        sort: oneOf(CONTENT_SORTS.map(name => `-${name}` as const)),
        limit: wholeNumber(1, 1_000),
        compare,
      },
      answer: contentShape,
      async run({ site, query }) {
        await upToDate(parts)
        const span = spanOf(query)
        const tz = zoneOf(query.tz).name
        const by = query.by ?? facets[0]!
        const touch = query.touch ?? touchByDefault
        const sort = CONTENT_SORTS.find(name => `-${name}` === query.sort) ?? 'people'
        const ask = (during: Span) => content(store, { site, touch, span: during }, by, sort, query.limit ?? 100)
        const found = await ask(span)
        const before = query.compare && spanBefore(span, clock())
        return {
          ...contentView({ span, tz, by, touch }, found),
          ...(before && { previous: { ...spanView(before), data: (await ask(before)).rows.map(rowView) } }),
        }
      },
    })

  return [
    route({
      method: 'get',
      path: '/v1/reports/funnel',
      access,
      summary: 'How far the people have come who came in a span, and how many reached each stage in it',
      query: { ...SPAN, ...facetFilters, touch: touchKind, interval: oneOf(INTERVALS), compare },
      answer: funnelShape,
      async run({ site, query }) {
        await upToDate(parts)
        const span = spanOf(query)
        const tz = zoneOf(query.tz)
        const contact = oneContact(query)
        const touch = query.touch ?? 'any'
        const about = async (during: Span) => ({
          ...spanView(during),
          steps: (await funnel(store, { site, contact, touch, span: during })).map(stepView),
          reached: countsView(await activity(store, site, during.from ?? 0, during.to ?? clock() + 1)),
        })
        const before = query.compare && spanBefore(span, clock())
        const series =
          query.interval &&
          (await activities(store, site, limitedSeries(span, query.interval, clock()), query.interval, tz))
        return {
          ...(await about(span)),
          tz: tz.name,
          ...(series && { series: series.map(seriesView) }),
          ...(before && { previous: await about(before) }),
        }
      },
    }),
    contentBy('/v1/reports/content', 'Which pages, offers and ads bring the best leads', FACETS, 'any'),
    contentBy('/v1/reports/campaigns', 'Which campaigns, sources and ads bring the best leads', CAMPAIGNS, 'first'),
  ]
}

const CAMPAIGNS = ['campaign', ...TOUCH_FACETS.filter(facet => facet !== 'campaign')] as const

/** A report is about one thing at a time; a list of leads may ask for several. */
function oneContact(query: Partial<Record<Facet, string>>): Contact {
  const [asked, ...more] = FACETS.filter(facet => query[facet] !== undefined)
  if (more.length > 0) {
    throw new Refusal(
      'invalid',
      'A report is about one thing at a time.',
      more.map(facet => ({ pointer: `/${facet}`, detail: `must be left out when there is ${asked}` })),
    )
  }
  return asked ? { facet: asked, value: query[asked]! } : null
}

const MAX_PARTS = 1_100
const PARTS_A_DAY = { day: 1, week: 1 / 7, month: 1 / 28 }

/** Of a series that is not too long. */
function limitedSeries(span: Span, interval: Interval, now: Instant): { from: Instant; to: Instant } {
  const given = limited(span, now)
  if (((given.to - given.from) / DAY) * PARTS_A_DAY[interval] <= MAX_PARTS) return given
  throw new Refusal('invalid', `A series has at most ${MAX_PARTS} parts.`, [
    { pointer: '/interval', detail: `must be longer, or the span from ${utc(given.from)} shorter` },
  ])
}

/** With an end at both sides. */
function limited({ from, to }: Span, now: Instant): { from: Instant; to: Instant } {
  if (from === null) {
    throw new Refusal('invalid', 'Say where it begins.', [{ pointer: '/from', detail: 'is missing' }])
  }
  return { from, to: to ?? now + 1 }
}

/** As long a span, just before. */
export function spanBefore({ from, to }: Span, now: Instant): Span {
  const given = limited({ from, to }, now)
  return { from: Math.max(0, given.from - (given.to - given.from)), to: given.from }
}

export const spanView = ({ from, to }: Span) => ({ from: utcOrNull(from), to: utcOrNull(to) })

export const shareView = ({ rate, low, high, of, few }: Share) => ({ rate, low, high, of, few })

const tallyView = ({ people, subscriber, lead, mql, sql, opportunity, customer }: Tally) => ({
  people,
  subscribers: subscriber,
  leads: lead,
  mqls: mql,
  sqls: sql,
  opportunities: opportunity,
  customers: customer,
})

const stepView = ({ medianDays, ...step }: FunnelStep) => ({ ...step, median_days: medianDays })

/** What a report of content answers. `tz`: the time zone that the span was told in. */
export const contentView = (
  { span, tz, by, touch }: { span: Span; tz: string; by: Facet; touch: TouchKind },
  { rows, count, all }: Content,
) => ({
  ...spanView(span),
  tz,
  by,
  touch,
  all: { ...tallyView(all.tally), mql_rate: shareView(all.mqlRate) },
  data: rows.map(rowView),
  count,
})

const rowView = ({ value, tally, mqlRate, lift, medianDays }: ContentRow) => ({
  value,
  ...tallyView(tally),
  mql_rate: shareView(mqlRate),
  lift,
  median_days: medianDays,
})

const countsView = ({ visitor, subscriber, lead, mql, sql, opportunity, customer }: Activity) => ({
  visitor,
  subscriber,
  lead,
  mql,
  sql,
  opportunity,
  customer,
})

const seriesView = ({ from, to, ...counts }: Activity) => ({ from: utc(from), to: utc(to), ...counts })
