import { DAY, type Instant, type Span } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import { evidenceOf } from '../scoring/evidence.ts'
import { addToFold, emptyFold, historyOf, type Witness } from '../scoring/fold.ts'
import { planOf } from '../scoring/plan.ts'
import { rulePointsAt, scoreAt } from '../scoring/score.ts'
import type { VersionedModel } from '../store/models.ts'
import type { Store } from '../store/store.ts'
import { share, type Share } from './funnel.ts'
import { EVERYBODY, everybody, type PeopleReader } from './people.ts'
import { SHIFTED, stabilityIndex } from './stability.ts'
import type { Zone } from './zone.ts'

/** Which rules make good leads, and which make leads that are turned down. */
export interface RulesReport {
  model: number
  people: Groups
  /** Of how many people how many were looked at; `null` when that was everybody. */
  sample: { people: number; of: number } | null
  rules: RuleRow[]
  /** Month by month: how high people scored after the last thing they did in it. */
  drift: DriftRow[]
}

/** `mql`: whoever has ever been one, whatever became of them. */
type Groups = Record<'won' | 'lost' | 'open' | 'mql', number>

export interface RuleRow {
  rule: string
  group: string
  /** Who held points by it when it was decided, or when last heard of. */
  people: number
  /** Of the MQLs, of the won, of the lost, and of those of whom nobody knows yet, the share that held points by it. */
  mql: Share
  won: Share
  lost: Share
  open: Share
  weightOfEvidence: number
  informationValue: number
  /** Where the rule is commoner, if that is no chance: the intervals of both shares lie apart. Without any loss, `lost` means open. */
  overRepresented: 'won' | 'lost' | null
  /** The last event that matched; `null` for rules about traits. */
  lastMatched: Instant | null
  /** Events that matched in the last 30 days, of those looked at. */
  fired: number
  /** Gave nobody anything. Neither nobody nor a sample can say so. */
  dead: boolean
}

export interface DriftRow {
  from: Instant
  to: Instant
  people: number
  mean: number | null
  median: number | null
  /** Against the month before; `null` when either has fewer than 30 people. */
  stabilityIndex: number | null
  /** Whether the score means something else than it did. */
  shifted: boolean
}

/** How far back a rule counts as having fired lately. */
const LATELY = 30 * DAY

const NO_COUNTS: Groups = { won: 0, lost: 0, open: 0, mql: 0 }

/**
 * Replays everybody up to their outcome, exclusive, or an evenly drawn sample of about `most`. The people are those decided,
 * or last heard of, in the span.
 */
export async function rulesReport(
  store: PeopleReader & Pick<Store, 'leadCount'>,
  site: number,
  { document, version }: VersionedModel,
  { from, to }: Span,
  tz: Zone,
  now: Instant,
  most: number,
): Promise<RulesReport> {
  const plan = planOf(document)
  const all = { ...NO_COUNTS }
  const held = document.rules.map(() => ({ ...NO_COUNTS, last: -Infinity, fired: 0 }))
  const months = monthsOf(tz)
  const witness: Witness = {
    matched({ index }, [at]) {
      const rule = held[index]!
      rule.last = Math.max(rule.last, at)
      if (at > now - LATELY) rule.fired++
    },
    takenOut: () => {},
  }
  const of = await store.leadCount(site, {})
  const sampled = Math.min(1, most / of)
  const span = { ...EVERYBODY, since: from ?? -Infinity, until: to ?? Infinity, share: sampled }
  const looked = await everybody(store, site, span, ({ label, wasMql, history }) => {
    const fold = emptyFold(plan, version)
    const events = historyOf(history)
    for (const [index, event] of events.entries()) {
      addToFold(plan, fold, event, witness)
      const month = months.of(event.at)
      const next = events[index + 1]
      if (!next || next.at >= month.to) month.scores.push(scoreAt(plan, fold, event.at).total)
    }
    const groups = [label?.result ?? 'open', ...(wasMql ? (['mql'] as const) : [])] as const
    for (const group of groups) all[group]++
    const last = fold.last?.at ?? 0
    for (const planned of plan.rules) {
      if (rulePointsAt(planned, fold, last) === 0) continue
      for (const group of groups) held[planned.index]![group]++
    }
  })
  const sample = sampled < 1 ? { people: looked.done, of } : null
  return {
    model: version,
    people: all,
    sample,
    rules: rowsOf(document, held, all, !sample && of > 0),
    drift: months.rows(),
  }
}

function rowsOf(
  document: Model,
  held: readonly (Groups & { last: number; fired: number })[],
  all: Groups,
  canTell: boolean,
): RuleRow[] {
  return document.rules.map(({ id, group }, index) => {
    const { won, lost, open, mql, last, fired } = held[index]!
    const [ofWon, ofLost, ofOpen] = [share(won, all.won), share(lost, all.lost), share(open, all.open)]
    // Where nobody is ever called lost, those of whom nobody knows yet stand for them.
    const [others, ofOthers] = all.lost > 0 ? [lost, ofLost] : [open, ofOpen]
    const { weight, informationValue } = evidenceOf(won, others, { won: all.won, lost: all.lost || all.open })
    return {
      rule: id,
      group,
      people: won + lost + open,
      mql: share(mql, all.mql),
      won: ofWon,
      lost: ofLost,
      open: ofOpen,
      weightOfEvidence: weight.with,
      informationValue,
      overRepresented: ofWon.low > ofOthers.high ? 'won' : ofOthers.low > ofWon.high ? 'lost' : null,
      lastMatched: Number.isFinite(last) ? last : null,
      fired,
      dead: canTell && won + lost + open === 0 && last === -Infinity,
    }
  })
}

interface Month {
  from: Instant
  to: Instant
  scores: number[]
}

/** Months of a zone, as they come up. */
function monthsOf(tz: Zone) {
  const known = new Map<Instant, Month>()
  let latest: Month | null = null
  return {
    of(at: Instant): Month {
      if (latest && at >= latest.from && at < latest.to) return latest
      const found = [...known.values()].find(month => at >= month.from && at < month.to)
      if (found) return (latest = found)
      const bounds = tz.monthAt(at)
      latest = { ...bounds, scores: [] }
      known.set(bounds.from, latest)
      return latest
    },
    rows(): DriftRow[] {
      const sorted = [...known.values()].toSorted((a, b) => a.from - b.from)
      return sorted.map(({ from, to, scores }, index) => {
        const before = sorted[index - 1]
        const moved = before?.to === from ? stabilityIndex(before.scores, scores) : null
        const middle = scores.toSorted((a, b) => a - b)[scores.length >> 1]
        const mean = scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length
        return {
          from,
          to,
          people: scores.length,
          mean,
          median: middle ?? null,
          stabilityIndex: moved,
          shifted: moved !== null && moved >= SHIFTED,
        }
      })
    },
  }
}
