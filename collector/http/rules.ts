import * as v from 'valibot'
import { utc, utcOrNull } from '../../shared/utc.ts'
import type { RuleReports } from '../reports/rule-reports.ts'
import type { DriftRow, RuleRow } from '../reports/rules.ts'
import { siteKey } from './access.ts'
import { at } from './answer.ts'
import type { LeadParts } from './find-lead.ts'
import { findVersion } from './models.ts'
import { wholeNumber } from './query.ts'
import { shareShape, spanShape, spanView } from './reports.ts'
import { route, type Route } from './route.ts'
import { SPAN, spanOf, zoneOf } from './when.ts'

const rulesShape = v.object({
  ...spanShape.entries,
  tz: v.string(),
  /** When people were replayed: what took long is answered again for a while. */
  as_of: at,
  model: v.number(),
  people: v.object({ won: v.number(), lost: v.number(), open: v.number(), mql: v.number() }),
  /** Of more than 20,000 people an evenly drawn sample is looked at; a small one the first time, while the rest is done. */
  sample: v.nullable(v.object({ people: v.number(), of: v.number() })),
  rules: v.array(
    v.object({
      rule: v.string(),
      group: v.string(),
      people: v.number(),
      /** Of all that have been MQLs, the share that held points by the rule; of the won, and so on. */
      mql: shareShape,
      won: shareShape,
      lost: shareShape,
      open: shareShape,
      weight_of_evidence: v.number(),
      information_value: v.number(),
      /** Commoner there than elsewhere, and not by chance. */
      over_represented: v.nullable(v.picklist(['won', 'lost'])),
      last_matched: v.nullable(at),
      /** Events that matched in the last 30 days. */
      fired: v.number(),
      dead: v.boolean(),
    }),
  ),
  /** By month: of everybody who did something in it, the score after the last thing. */
  drift: v.array(
    v.object({
      from: at,
      to: at,
      people: v.number(),
      mean: v.nullable(v.number()),
      median: v.nullable(v.number()),
      /** Against the month before: 0 is the same, above 0.25 the score means something else. */
      stability_index: v.nullable(v.number()),
      shifted: v.boolean(),
    }),
  ),
})

/** `/v1/reports/rules`: which rules make good leads, and whether the score still means what it did. */
export const rules = ({ store, rules: found }: Pick<LeadParts, 'store'> & { rules: RuleReports }): Route[] => [
  route({
    method: 'get',
    path: '/v1/reports/rules',
    access: siteKey('read'),
    summary:
      'Which rules are commoner among the won or among the lost, which give nobody anything, and how scores drift',
    query: { ...SPAN, model: wholeNumber(1, 1_000_000) },
    answer: rulesShape,
    async run({ site, query }) {
      const model =
        query.model === undefined ? await store.model(site) : await findVersion(store, site, String(query.model))
      const tz = zoneOf(query.tz)
      const span = spanOf(query)
      const { report, at: asked } = await found.ask({ site, version: model.version, span, tz: tz.name })
      const { rules: rows, drift, ...rest } = report
      return {
        ...spanView(span),
        tz: tz.name,
        as_of: utc(asked),
        ...rest,
        rules: rows.map(ruleView),
        drift: drift.map(driftView),
      }
    },
  }),
]

const ruleView = ({ weightOfEvidence, informationValue, overRepresented, lastMatched, ...row }: RuleRow) => ({
  ...row,
  weight_of_evidence: weightOfEvidence,
  information_value: informationValue,
  over_represented: overRepresented,
  last_matched: utcOrNull(lastMatched),
})

const driftView = ({ from, to, stabilityIndex, ...row }: DriftRow) => ({
  ...row,
  from: utc(from),
  to: utc(to),
  stability_index: stabilityIndex,
})
