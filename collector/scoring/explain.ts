import type { StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import type { NeedWords } from '../../shared/need.ts'
import type { EventPoints, Explanation, RulePoints } from '../../shared/score.ts'
import type { ProfilingStop } from '../../shared/person.ts'
import type { Decision, Stage } from '../../shared/stage.ts'
import { momentOf, openFold, type Moment } from './condition.ts'
import { coolsAt } from './cooling.ts'
import { courseOf } from './course.ts'
import { coverage } from './coverage.ts'
import { remaining } from './decay.ts'
import { addToFold, counts, emptyFold, historyOf, type Witness } from './fold.ts'
import { grade } from './grade.ts'
import { admit, NOTHING, pointsAt, type Entry, type Held } from './holding.ts'
import { ENGLISH } from './need-words.ts'
import { needsOf } from './needs.ts'
import { isEventRule, planOf, type Plan, type PlannedEventRule } from './plan.ts'
import { clamp, scoreAt, type Scores } from './score.ts'
import { mayReach, stepsFrom } from './stage.ts'
import { unscored } from './unscored.ts'

/**
 * Where every point comes from, at any instant: past, present or future. `events` is the whole history: a list in any order,
 * or a stream in order, which need not fit into memory. What happened after the instant does not count, and neither does what
 * was `decided` after it. The stage is the one that this history and these decisions lead to under this model, so that
 * `missing` and `coolsAt` answer for drafts too; `words` says what is missing.
 */
export function explain(
  model: Model,
  version: number,
  events: Iterable<StoredEvent>,
  at: Instant,
  { decisions, profilingStopped }: Decided = UNDECIDED,
  words: NeedWords = ENGLISH,
): Explanation {
  const stopped = profilingStopped !== null && profilingStopped.at <= at ? profilingStopped : null
  const plan = planOf(stopped ? unscored(model) : model)
  const fold = emptyFold(plan, version)
  const accounts = plan.rules.map((): Account => ({ lines: [], takenOut: new Set() }))
  const witness: Witness = {
    matched: ({ index }, entry, { id, type }) => accounts[index]?.lines.push({ entry, id, type }),
    takenOut: ({ index }, entry) => accounts[index]?.takenOut.add(entry),
  }
  let stage: Stage = 'visitor'
  const advance = (instant: Instant) => {
    for (const { to } of stepsFrom(plan, fold, stage, instant)) stage = to
  }
  const open = decisions.filter(past => past.at <= at).toSorted((a, b) => a.at - b.at)
  /** Takes the decisions that were made before an instant. */
  const decide = (before: Instant) => {
    for (let next = open[0]; next && next.at < before; next = open[0]) {
      stage = next.to
      if (stage === 'recycled') fold.recycled = { at: next.at, since: emptyFold(plan, version) }
      open.shift()
    }
  }
  for (const event of Array.isArray(events) ? historyOf(events) : events) {
    if (event.at > at) break
    if (!counts(event)) continue
    decide(event.at)
    addToFold(plan, fold, event, witness)
    advance(event.at)
  }
  decide(Infinity)
  advance(at)

  const scores = scoreAt(plan, fold, at)
  const rules = plan.rules.flatMap((planned): RulePoints[] => {
    const { id: rule, group } = planned.rule
    if (isEventRule(planned)) return explainRule(planned, accounts[planned.index]!, at)
    const points = scores.rules[planned.index]!
    return points === 0 ? [] : [{ rule, group, points, matched: 0, admitted: 0, events: [] }]
  })
  const clamps = explainClamps(plan, scores)
  const explained = [...rules, ...clamps].reduce((sum, { points }) => sum + points, 0)
  return {
    score: scores.total,
    engagement: scores.engagement,
    fit: scores.fit,
    grade: stopped ? '' : grade(scores, plan.attainable),
    model: version,
    at,
    rules,
    clamps,
    residual: scores.total - explained,
    missing: missingFor(plan, momentOf(plan, fold, stage, at), stage, words),
    coolsAt: coolsAt(plan, () => courseOf(plan, openFold(fold)), stage, at),
    coverage: coverage(plan, fold.traits),
    ...(stopped && { profilingStopped: stopped }),
  }
}

/** What no history of events tells of a person. */
interface Decided {
  /** Moves by hand, in any order. */
  decisions: readonly Decision[]
  profilingStopped: ProfilingStop | null
}

const UNDECIDED: Decided = { decisions: [], profilingStopped: null }

/** What a rule was shown: every matching event, and which of them a removal took out. */
interface Account {
  lines: { entry: Entry; id: string; type: string }[]
  takenOut: Set<Entry>
}

/** Folds once more what removals have left, noting what each event changed. None when the rule never held a point. */
function explainRule(planned: PlannedEventRule, { lines, takenOut }: Account, at: Instant): RulePoints[] {
  const events: EventPoints[] = []
  let held: Held = NOTHING
  let admitted = 0
  for (const { entry, id, type } of lines) {
    const [then, raw] = entry
    const multiplier = remaining(at - then, planned.halfLife)
    if (takenOut.has(entry)) {
      events.push({ id, type, at: then, raw, capped: 0, points: 0, multiplier, reversed: true })
      continue
    }
    const after = admit(planned, held, entry)
    if (after === held) continue
    const capped = after.points - (pointsAt(planned, held, then) + raw)
    events.push({ id, type, at: then, raw, capped, points: (raw + capped) * multiplier, multiplier })
    held = after
    admitted++
  }
  if (events.length === 0) return []
  const points = events.reduce((sum, event) => sum + event.points, 0)
  const { id: rule, group } = planned.rule
  return [{ rule, group, points, matched: lines.length, admitted, events }]
}

/** What the limits took or gave; only those that did. */
function explainClamps({ model }: Plan, { groups: sums, ...scores }: Scores): Explanation['clamps'] {
  const limited = [
    ...model.groups.map((group, index) => ({
      scope: 'group' as const,
      id: group.id,
      before: sums[index] ?? 0,
      limits: group,
    })),
    { scope: 'total' as const, id: 'total', before: scores.engagement + scores.fit, limits: model.total },
  ]
  return limited.flatMap(({ limits, ...clamped }) => {
    const after = clamp(clamped.before, limits)
    return after === clamped.before ? [] : [{ ...clamped, after, points: after - clamped.before }]
  })
}

function missingFor(plan: Plan, moment: Moment, stage: Stage, words: NeedWords): Explanation['missing'] {
  const next = plan.stages.findLast(planned => mayReach(planned.stage, stage))
  return next ? { stage: next.stage, needs: needsOf(next.condition, moment, words) } : null
}
