import type { Model, Rule } from '../../../shared/model.ts'
import { Refusal } from '../../../shared/refusal.ts'
import type { Frame } from '../../dashboard/frame.ts'
import { link } from '../../dashboard/frame.ts'
import { editPage, type Editing } from '../../dashboard/scoring/edit.ts'
import { scoringPage, type RuleFigures } from '../../dashboard/scoring/overview.ts'
import { versionPage } from '../../dashboard/scoring/version.ts'
import { modelDiff } from '../../reports/model-diff.ts'
import { lint } from '../../scoring/lint.ts'
import { readModel } from '../../scoring/model.ts'
import { steadyState } from '../../scoring/steady.ts'
import { findVersion } from '../models.ts'
import { text } from '../query.ts'
import type { Route } from '../route.ts'
import { form, page, type Done } from './page.ts'
import type { PageParts } from './pages.ts'
import { RULE_FORM, withRules } from './rule-form.ts'

/** Of more people, what a draft would change is worked out only when it is asked for: each takes some 50 to 200 µs. */
const MAX_PEOPLE = 5_000

/** `/scoring`: the pages of `/v1/models`: rules → draft → what it would change → publish → roll back. */
export function scoring(parts: PageParts): Route[] {
  const { store, writer, clock } = parts
  const find = (frame: Frame, version: string) => findVersion(store, frame.site.id, version)

  /** Keeps a document as a draft and leads to it; or shows the form once more, with what is wrong with it. */
  async function keep(
    frame: Frame,
    base: Editing,
    read: () => unknown,
    sent: { fields?: Record<string, string>; json?: string },
  ): Promise<Done> {
    let document: Model
    try {
      document = readModel(read())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { show: editPage(frame, { ...base, refused: { ...sent, errors: error.errors } }) }
    }
    const version = await writer.draft(frame.site.id, document, frame.account.id, clock())
    return { to: link(frame, `/scoring/${version}`), notice: 'drafted' }
  }

  return [
    page(parts, '/scoring', async ({ frame }) => {
      const { version, document } = await store.model(frame.site.id)
      const report = await parts.rules.glance(frame.site.id)
      const rules = report && new Map(report.rules.map(({ rule, ...row }): [string, RuleFigures] => [rule, row]))
      const versions = await store.models(frame.site.id)
      const steady = new Map(document.rules.flatMap(steadyOf))
      return scoringPage(frame, {
        version,
        document,
        warnings: lint(document),
        versions,
        steady,
        rules,
        sample: report?.sample ?? null,
        drift: report?.drift ?? [],
      })
    }),
    page(parts, '/scoring/:version', async ({ c, frame, params }) => {
      const model = await find(frame, params.version)
      const persons = await store.leadCount(frame.site.id, {})
      const isWanted = !model.live && (persons <= MAX_PEOPLE || c.req.query('diff') === 'true')
      const diff = isWanted ? await modelDiff(store, frame.site.id, model, clock()) : null
      const current = await store.model(frame.site.id)
      return versionPage(frame, { ...model, current, warnings: lint(model.document), diff })
    }),
    page(parts, '/scoring/:version/edit', async ({ frame, params }) =>
      editPage(frame, await find(frame, params.version)),
    ),
    form(parts, '/scoring/:version/draft', RULE_FORM, async ({ frame, params, given }) => {
      const base = await find(frame, params.version)
      const fields = given as Record<string, string>
      return keep(frame, base, () => withRules(base.document, fields), { fields })
    }),
    form(parts, '/scoring/:version/json', { document: text }, async ({ frame, params, given: { document = '' } }) =>
      keep(frame, await find(frame, params.version), () => parsed(document), { json: document }),
    ),
    form(parts, '/scoring/:version/publish', {}, async ({ frame, params }) => {
      const { version } = await find(frame, params.version)
      await writer.publish(frame.site.id, version, frame.account.id, clock())
      return { to: link(frame, '/scoring'), notice: 'published' }
    }),
  ]
}

/** Of a rule that fades, and can fire more than once. */
function steadyOf(rule: Rule): [string, number][] {
  if (!('on' in rule) || typeof rule.points !== 'number' || typeof rule.halfLifeDays !== 'number') return []
  if (rule.limit?.per === 'ever') return []
  return [[rule.id, steadyState(rule.points, rule.halfLifeDays)]]
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new Refusal('invalid', 'This is no JSON.', [{ pointer: '', detail: detail.slice(0, 200) }])
  }
}
