import { LEAST_PEOPLE, LEAST_WINS } from '../../shared/backtest.ts'
import type { Instant } from '../../shared/instant.ts'
import { rateOf, type Rate } from '../../shared/interval.ts'
import type { EventRule, Model, Rule } from '../../shared/model.ts'
import { adopt, pointsOf, type Adoption } from '../scoring/adopt.ts'
import { evidenceOf, type Evidence } from '../scoring/evidence.ts'
import { fitStep, isDone, MAX_STEPS, startFit, type Columns, type Fit } from '../scoring/logistic.ts'
import { planOf } from '../scoring/plan.ts'
import { foldOf, peakOf, replay } from '../scoring/replay.ts'
import { rulePointsAt } from '../scoring/score.ts'
import type { VersionedModel } from '../store/models.ts'
import { auc } from './auc.ts'
import { breath } from './breath.ts'
import { EVERYBODY, everybody, type Learned, type PeopleReader, type Sample } from './people.ts'

/** So many points more double the odds of a win. */
const POINTS_PER_DOUBLING = 20
/** Days; `null` does not fade. */
const HALF_LIVES: readonly (number | null)[] = [null, 90, 30, 14, 7, 3]
/** How much likelier, in natural logarithms, another half-life must make what happened, to be worth a change. */
const WORTH_A_CHANGE = 3
/** Holds weights back that the evidence hardly carries; the columns are all of one kind, so one for all. */
const RIDGE = 10

export interface SuggestOptions extends Sample {
  /** The share of the people, those decided first, that is learned from; the others are what it is tried on. */
  trainShare: number
  openAsLost: boolean | null
}

export const SUGGEST_DEFAULTS: SuggestOptions = { ...EVERYBODY, trainShare: 0.5, openAsLost: null }

/** What wins and losses say about the points of each rule. */
export interface Suggestion {
  model: number
  pointsPerDoubling: number
  /** The people decided before `until`, and those decided after: the earlier teach, the later tell whether it was true. */
  trained: { until: Instant | null; won: number; lost: number; openAsLost: boolean }
  validated: {
    won: number
    lost: number
    /** Of the model with all suggestions, and of the model as it is, both on the later people. */
    auc: number | null
    aucBefore: number | null
  }
  rules: RuleSuggestion[]
}

export interface RuleSuggestion {
  rule: string
  pointsNow: number
  /** For one match, a whole number; 0: the rule says nothing that others do not say. `null` when refused. */
  points: number | null
  halfLifeDaysNow: number | null
  halfLifeDays: number | null
  /** Why there is no suggestion. */
  refused: string | null
  /** Of the people learned from. */
  evidence: Evidence & { rate: Rate }
  /** Weight in the regression on weights of evidence; 1 would be a rule that is independent of all others. */
  coefficient: number | null
}

/**
 * Points for each rule from wins and losses. A rule's column is how much it held after the person's last event before the
 * outcome, in matches, times the weight of evidence of a match; a logistic regression over all columns at once corrects for
 * what rules say twice; then points = round(20/ln 2 · β · weight of evidence). Reads everything twice; `onProgress` is told
 * how many people are done, of twice as many as there are.
 */
export async function suggest(
  store: PeopleReader,
  site: number,
  model: VersionedModel,
  options: SuggestOptions = SUGGEST_DEFAULTS,
  onProgress: (done: number) => void = () => {},
): Promise<Suggestion> {
  const { document, version } = model
  const variants = withEveryHalfLife(document)
  const plan = planOf(variants.model)
  const seen: { at: Instant; result: 'won' | 'lost' | 'open'; held: Float64Array }[] = []
  let done = 0
  await everybody(
    store,
    site,
    options,
    ({ label, history }) => {
      const fold = foldOf(plan, version, history)
      const last = fold.last?.at ?? 0
      const held = plan.rules.map(planned => rulePointsAt(planned, fold, last))
      seen.push({ at: decidedAt({ label, history }), result: label?.result ?? 'open', held: Float64Array.from(held) })
    },
    count => onProgress((done = count)),
  )
  const openAsLost = options.openAsLost ?? !seen.some(({ result }) => result === 'lost')
  const settled = seen.filter(({ result }) => openAsLost || result !== 'open').toSorted((a, b) => a.at - b.at)
  const until = settled[Math.floor(settled.length * options.trainShare)]?.at ?? Infinity
  const early = settled.filter(({ at }) => at < until)
  const won = Uint8Array.from(early, ({ result }) => (result === 'won' ? 1 : 0))
  const all = { won: won.reduce((sum, one) => sum + one, 0), lost: 0 }
  all.lost = won.length - all.won

  const column = (index: number) => Float64Array.from(early, ({ held }) => held[index]!)
  const chosen: { rule: Rule; halfLifeDays: number | null; column: Float64Array; evidence: Evidence }[] = []
  for (const [index, rule] of document.rules.entries()) {
    const [now, ...others] = variants.of[index]!
    const present = column(now!.index)
    const evidence = holders(present, won, all)
    let best = { halfLifeDays: now!.halfLifeDays, column: present }
    if (whyRefused(evidence) === null && others.length > 0) {
      const before = await likelihood(present, won)
      let most = before + WORTH_A_CHANGE
      for (const other of others) {
        const values = column(other.index)
        const likely = await likelihood(values, won)
        if (likely <= most) continue
        most = likely
        best = { halfLifeDays: other.halfLifeDays, column: values }
      }
    }
    chosen.push({ rule, ...best, evidence })
  }

  const asked = chosen.filter(({ evidence }) => whyRefused(evidence) === null)
  const scales = asked.map(({ column: held, evidence }) => {
    const matches = held.reduce((sum, value) => sum + value, 0) / evidence.people
    return matches === 0 ? 0 : (evidence.weight.with - evidence.weight.without) / matches
  })
  const fit = await fitted(
    asked.map(({ column: held }, index) => held.map(value => value * scales[index]!)),
    won,
  )
  const rules = chosen.map(({ rule, halfLifeDays, evidence }): RuleSuggestion => {
    const place = asked.findIndex(other => other.rule === rule)
    const coefficient = place < 0 ? null : fit.weights[place + 1]!
    const worth = coefficient === null ? null : (POINTS_PER_DOUBLING / Math.LN2) * coefficient * scales[place]!
    return {
      rule: rule.id,
      pointsNow: pointsOf(rule),
      points: worth === null ? null : Math.round(worth) + 0,
      halfLifeDaysNow: halfLifeOf(rule),
      halfLifeDays,
      refused: whyRefused(evidence),
      evidence: { ...evidence, rate: rateOf(evidence.won, evidence.people) },
      coefficient,
    }
  })

  const validated = await validate(store, site, model, adopt(document, adoptionsOf(rules)), {
    ...options,
    openAsLost,
    since: Math.max(options.since, until),
    onProgress: count => onProgress(done + count),
  })
  return {
    model: version,
    pointsPerDoubling: POINTS_PER_DOUBLING,
    trained: { until: Number.isFinite(until) ? until : null, ...all, openAsLost },
    validated,
    rules,
  }
}

/** The suggestions for some rules, or for all that are not refused, as changes of the model. */
export const adoptionsOf = (rules: readonly RuleSuggestion[], accepted?: readonly string[]): Adoption[] =>
  rules.flatMap(({ rule, points, halfLifeDays, halfLifeDaysNow }) => {
    if (points === null || (accepted && !accepted.includes(rule))) return []
    return [{ rule, points, ...(halfLifeDays !== halfLifeDaysNow && { halfLifeDays }) }]
  })

const halfLifeOf = (rule: Rule): number | null => ('on' in rule ? (rule.halfLifeDays ?? null) : null)

const decidedAt = ({ label, history }: Pick<Learned, 'label' | 'history'>): Instant =>
  label?.at ?? history.at(-1)?.at ?? 0

interface Variant {
  index: number
  halfLifeDays: number | null
}

/** A model in which one match of every rule is worth 1, and every event rule is there once for each half-life, its own first. */
function withEveryHalfLife(model: Model): { model: Model; of: Variant[][] } {
  const rules: Rule[] = []
  const of = model.rules.map(rule => {
    const own = halfLifeOf(rule)
    const halfLives = 'on' in rule ? [own, ...HALF_LIVES.filter(days => days !== own)] : [own]
    return halfLives.map(halfLifeDays => {
      const [single] = adopt({ ...model, rules: [rule] }, [{ rule: rule.id, points: 1 }]).rules as [EventRule]
      const index = rules.push('on' in rule ? { ...single, halfLifeDays } : single) - 1
      return { index, halfLifeDays }
    })
  })
  return { model: { ...model, rules, stages: {}, labels: [] }, of }
}

function holders(held: Float64Array, won: Uint8Array, all: { won: number; lost: number }): Evidence {
  const counts = { won: 0, lost: 0 }
  for (const [row, value] of held.entries()) if (value !== 0) counts[won[row] === 1 ? 'won' : 'lost']++
  return evidenceOf(counts.won, counts.lost, all)
}

function whyRefused({ people, won }: Evidence): string | null {
  if (people < LEAST_PEOPLE) return `${people} ${people === 1 ? 'person' : 'people'}, and ${LEAST_PEOPLE} are needed.`
  return won < LEAST_WINS ? `${won} ${won === 1 ? 'win' : 'wins'}, and ${LEAST_WINS} are needed.` : null
}

async function fitted(columns: Columns, won: Uint8Array, ridge = RIDGE): Promise<Fit> {
  let fit = startFit(columns)
  for (let step = 0; step < MAX_STEPS && !isDone(fit); step++) {
    fit = fitStep(columns, won, fit, ridge)
    await breath()
  }
  return fit
}

/** How well a column alone tells. */
const likelihood = async (values: Float64Array, won: Uint8Array): Promise<number> =>
  (await fitted([values], won, 1e-3)).logLikelihood

async function validate(
  store: PeopleReader,
  site: number,
  { document, version }: VersionedModel,
  suggested: Model,
  { openAsLost, onProgress, ...sample }: Sample & { openAsLost: boolean; onProgress: (done: number) => void },
): Promise<Suggestion['validated']> {
  const people: { won: boolean; before: number; after: number }[] = []
  const [before, after] = [planOf(document), planOf(suggested)]
  await everybody(
    store,
    site,
    sample,
    ({ label, history }) => {
      if (!label && !openAsLost) return
      people.push({
        won: label?.result === 'won',
        before: peakOf(replay(before, version, history, 'total')),
        after: peakOf(replay(after, version, history, 'total')),
      })
    },
    onProgress,
  )
  const won = people.filter(person => person.won).length
  return {
    won,
    lost: people.length - won,
    auc: auc(people.map(person => ({ won: person.won, score: person.after }))),
    aucBefore: auc(people.map(person => ({ won: person.won, score: person.before }))),
  }
}
