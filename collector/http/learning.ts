import type { Context } from 'hono'
import type { Model } from '../../shared/model.ts'
import { utcOrNull } from '../../shared/utc.ts'
import { BACKTEST_DEFAULTS, type Backtest } from '../reports/backtest.ts'
import { OUTCOME_EVENTS } from '../reports/label.ts'
import { adoptionsOf, SUGGEST_DEFAULTS, type Suggestion } from '../reports/suggest.ts'
import { adopt } from '../scoring/adopt.ts'
import { SCORES } from '../scoring/condition-check.ts'
import { readModel } from '../scoring/model.ts'
import { siteKey } from './access.ts'
import { anyJson } from './answer.ts'
import type { AppParts } from './app.ts'
import type { LeadParts } from './find-lead.ts'
import { flag, instant, list, number, object, oneOf, optional, text } from './json.ts'
import { findVersion } from './models.ts'
import { route, type Route } from './route.ts'
import { inSnakeCase, type SnakeCase } from './snake-case.ts'

/** Whom to learn from: the same of both routes. */
const SAMPLE = {
  since: optional(instant),
  until: optional(instant),
  won_events: optional(list(text(100), 20)),
  lost_events: optional(list(text(100), 20)),
  open_as_lost: optional(flag),
}

interface GivenSample {
  since?: number | null | undefined
  until?: number | null | undefined
  won_events?: string[] | null | undefined
  lost_events?: string[] | null | undefined
  open_as_lost?: boolean | null | undefined
}

const sampleOf = ({ since, until, won_events: won, lost_events: lost, open_as_lost: openAsLost }: GivenSample) => ({
  since: since ?? -Infinity,
  until: until ?? Infinity,
  outcomeEvents: { won: won ?? OUTCOME_EVENTS.won, lost: lost ?? OUTCOME_EVENTS.lost },
  openAsLost: openAsLost ?? null,
})

/** `POST /v1/models/:version/backtest`, `POST /v1/models/suggest`: what wins and losses say about a model. */
export function learning({ store, writer, learner, clock }: LeadParts & Pick<AppParts, 'learner'>): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/models/:version/backtest',
      access: siteKey('read'),
      summary:
        'How a model would have done, over what is kept; with Accept: application/x-ndjson it tells how far it is',
      body: object({
        ...SAMPLE,
        score: optional(oneOf(SCORES)),
        beta: optional(number(0.1, 10)),
        per_week: optional(number(0, 1_000_000)),
      }),
      answer: anyJson<BacktestView>({ type: 'object', description: 'See "Learning from outcomes" in the README.' }),
      async run({ c, site, params, body }) {
        const model = await findVersion(store, site, params.version)
        const options = {
          ...sampleOf(body),
          score: body.score ?? BACKTEST_DEFAULTS.score,
          beta: body.beta ?? BACKTEST_DEFAULTS.beta,
          perWeek: body.per_week ?? null,
        }
        const persons = await store.leadCount(site, {})
        return told(c, persons, async tell =>
          backtestView(await learner.backtest({ site, version: model.version }, options, tell)),
        )
      },
    }),
    route({
      method: 'post',
      path: '/v1/models/suggest',
      access: siteKey('admin'),
      summary: 'Points for each rule from wins and losses; those of `accept`, or all, in a document, kept if `draft`',
      body: object({
        ...SAMPLE,
        model: optional(number(1, 1_000_000_000)),
        train_share: optional(number(0.1, 0.9)),
        accept: optional(list(text(64), 1_000)),
        draft: optional(flag),
      }),
      answer: anyJson<SuggestionView>({ type: 'object', description: 'See "Learning from outcomes" in the README.' }),
      async run({ c, site, key, body }) {
        const model = body.model ? await findVersion(store, site, String(body.model)) : await store.model(site)
        const options = { ...sampleOf(body), trainShare: body.train_share ?? SUGGEST_DEFAULTS.trainShare }
        const persons = await store.leadCount(site, {})
        return told(c, 2 * persons, async tell => {
          const found = await learner.suggest({ site, version: model.version }, options, tell)
          const document = adopt(model.document, adoptionsOf(found.rules, body.accept ?? undefined))
          const version = body.draft ? await writer.draft(site, readModel(document), key.id, clock()) : null
          return suggestionView(found, document, version)
        })
      },
    }),
  ]
}

export type BacktestView = ReturnType<typeof backtestView>

export function backtestView({ period, ...result }: Backtest) {
  const { from, until, weeks } = period
  return { ...inSnakeCase(result), period: { from: utcOrNull(from), until: utcOrNull(until), weeks } }
}

type SuggestionView = ReturnType<typeof suggestionView>

/** `document` is the model with the accepted points; `draft` its version, if it was kept. */
export function suggestionView({ trained, ...found }: Suggestion, document: Model, draft: number | null) {
  const view: SnakeCase<typeof found> = inSnakeCase(found)
  return { ...view, trained: { ...inSnakeCase(trained), until: utcOrNull(trained.until) }, document, draft }
}

/** The answer at the end; or, if asked for, line by line how far it is, and at last the answer. */
async function told<Answer>(
  c: Context,
  total: number,
  work: (tell: (done: number) => void) => Promise<Answer>,
): Promise<Answer | Response> {
  if (c.req.header('Accept') !== 'application/x-ndjson') return work(() => {})
  const lines = new TransformStream<string, string>()
  const writer = lines.writable.getWriter()
  const say = (line: object) => void writer.write(`${JSON.stringify(line)}\n`).catch(() => {})
  void work(done => say({ done, total }))
    .then(result => say({ result }))
    .catch((error: unknown) => say({ error: error instanceof Error ? error.message : String(error) }))
    .then(() => writer.close())
    .catch(() => {}) // whoever asked has gone
  return new Response(lines.readable.pipeThrough(new TextEncoderStream()), {
    headers: { 'Content-Type': 'application/x-ndjson' },
  })
}
