import type { Context } from 'hono'
import { thresholdForCapacity } from '../../../shared/backtest.ts'
import { SECOND } from '../../../shared/instant.ts'
import type { Model } from '../../../shared/model.ts'
import { Refusal } from '../../../shared/refusal.ts'
import type { Frame } from '../../dashboard/frame.ts'
import { link } from '../../dashboard/frame.ts'
import type { Html } from '../../dashboard/html.ts'
import { backtestPage } from '../../dashboard/scoring/backtest.ts'
import { runningPage } from '../../dashboard/scoring/learning.ts'
import { suggestionsPage } from '../../dashboard/scoring/suggestions.ts'
import type { Subject, Tab } from '../../dashboard/scoring/tabs.ts'
import { BACKTEST_DEFAULTS, type Backtest } from '../../reports/backtest.ts'
import { createStudies, type StudyOptions } from '../../reports/study.ts'
import { SUGGEST_DEFAULTS, type Suggestion } from '../../reports/suggest.ts'
import { adopt, withThreshold, type Adoption } from '../../scoring/adopt.ts'
import { SCORES } from '../../scoring/condition-check.ts'
import { readModel } from '../../scoring/model.ts'
import { thresholdOf } from '../../scoring/threshold.ts'
import { findVersion } from '../models.ts'
import { number, oneOf, text } from '../query.ts'
import type { Route } from '../route.ts'
import { form, page, type Done } from './page.ts'
import type { PageParts } from './pages.ts'
import { MAX_RULES } from './rule-form.ts'

/** What is found is good for as long as keeps the collector busy with it a twentieth of the time at most. */
const STUDY: StudyOptions = { lasts: took => 20 * took, patience: SECOND }

/** `/scoring/:version/backtest`, `/scoring/:version/suggestions`: the pages of what wins and losses say about a model. */
export function learning(parts: PageParts): Route[] {
  const { store, writer, learner, clock } = parts
  const backtests = createStudies<Backtest>(clock, STUDY)
  const suggestions = createStudies<Suggestion>(clock, STUDY)
  const find = (frame: Frame, version: string) => findVersion(store, frame.site.id, version)

  /** Tells the share of everybody that was gone through, `rounds` times over. */
  async function shareOf(site: number, tell: (share: number) => void, rounds = 1): Promise<(done: number) => void> {
    const cases = rounds * (await store.leadCount(site, {}))
    return done => tell(done / Math.max(1, cases))
  }

  /** While there is no answer: how far it is, as a page, and for the page's script. */
  function unfinished(c: Context, frame: Frame, subject: Subject, tab: Tab, done: number): Html | Response {
    if (isPulse(c))
      return new Response(String(done), { headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' } })
    const from = new URL(c.req.url)
    from.searchParams.set('pulse', 'true')
    return runningPage(frame, subject, tab, done, from.pathname + from.search)
  }

  async function keep(frame: Frame, document: Model, publish: boolean): Promise<Done> {
    const version = await writer.draft(frame.site.id, readModel(document), frame.account.id, clock())
    if (!publish) return { to: link(frame, `/scoring/${version}`), notice: 'drafted' }
    await writer.publish(frame.site.id, version, frame.account.id, clock())
    return { to: link(frame, '/scoring'), notice: 'published' }
  }

  return [
    page(parts, '/scoring/:version/backtest', async ({ c, frame, params }) => {
      const model = await find(frame, params.version)
      const site = frame.site.id
      const live = await store.model(site)
      const score = SCORES.find(name => name === c.req.query('score')) ?? 'total'
      const open = openOf(c)
      const options = { ...BACKTEST_DEFAULTS, score, openAsLost: open && true }
      const key = [site, model.version, live.version, score, open].join(' ')
      const study = await backtests(key, async tell =>
        learner.backtest({ site, version: model.version }, options, await shareOf(site, tell)),
      )
      const { at: asked, done, result } = study
      if (!result || isPulse(c)) return unfinished(c, frame, model, 'backtest', done)
      const { histogram, period, best } = result
      const perWeek = numberOf(c.req.query('per_week'))
      const now = thresholdOf(model.document, 'mql', score)
      const at =
        perWeek === null
          ? (numberOf(c.req.query('at')) ?? now ?? best.threshold ?? 0)
          : thresholdForCapacity(histogram, period.weeks, perWeek)
      return backtestPage(frame, {
        ...result,
        ...model,
        asked,
        current: live.version,
        weeks: period.weeks,
        at,
        now,
        perWeek,
        best: best.threshold,
        open,
      })
    }),
    form(
      parts,
      '/scoring/:version/threshold',
      { score: oneOf(SCORES), gte: number, publish: text },
      async ({ frame, params, given: { score = 'total', gte, publish } }) => {
        if (gte === undefined)
          throw new Refusal('unprocessable', 'Say which threshold.', [{ pointer: '/gte', detail: 'must be a number' }])
        const { document } = await find(frame, params.version)
        return keep(frame, withThreshold(document, score, gte), publish !== undefined)
      },
    ),
    page(parts, '/scoring/:version/suggestions', async ({ c, frame, params }) => {
      const model = await find(frame, params.version)
      const site = frame.site.id
      const open = openOf(c)
      const options = { ...SUGGEST_DEFAULTS, openAsLost: open && true }
      const study = await suggestions([site, model.version, open].join(' '), async tell =>
        learner.suggest({ site, version: model.version }, options, await shareOf(site, tell, 2)),
      )
      const { at: asked, done, result } = study
      if (!result || isPulse(c)) return unfinished(c, frame, model, 'suggest', done)
      return suggestionsPage(frame, { ...model, ...result, asked, open })
    }),
    form(parts, '/scoring/:version/suggestions', ACCEPT_FORM, async ({ frame, params, given }) => {
      const { document } = await find(frame, params.version)
      const chosen = adoptionsIn(document, given as Record<string, string | number>)
      if (chosen.length === 0)
        return { to: link(frame, `/scoring/${params.version}/suggestions`), notice: 'nothingChosen' }
      return keep(frame, adopt(document, chosen), false)
    }),
  ]
}

/** Whether those of whom nobody knows yet are to count as lost. */
const openOf = (c: Context): 'lost' | null => (c.req.query('open') === 'lost' ? 'lost' : null)

const isPulse = (c: Context): boolean => c.req.query('pulse') === 'true'

const numberOf = (given: string | undefined): number | null =>
  given === undefined || given.trim() === '' || !Number.isFinite(Number(given)) ? null : Number(given)

/** What was suggested and shown goes with the form, so that a draft holds exactly that. */
const ACCEPT_FORM: Record<string, typeof text | typeof number> = {
  all: text,
  ...Object.fromEntries(
    Array.from({ length: MAX_RULES }, (_, index) => [
      [`accept-${index}`, text],
      [`points-${index}`, number],
      [`half-life-${index}`, text],
    ]).flat() as [string, typeof text][],
  ),
}

function adoptionsIn({ rules }: Model, given: Readonly<Record<string, string | number>>): Adoption[] {
  return rules.flatMap(({ id }, index): Adoption[] => {
    const points = given[`points-${index}`]
    if (typeof points !== 'number' || !(given['all'] ?? given[`accept-${index}`])) return []
    const halfLife = given[`half-life-${index}`]
    return [
      {
        rule: id,
        points,
        ...(halfLife !== undefined && { halfLifeDays: halfLife === 'null' ? null : Number(halfLife) }),
      },
    ]
  })
}
