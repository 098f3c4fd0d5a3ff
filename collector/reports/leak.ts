import type { Counts } from '../../shared/backtest.ts'
import type { Model } from '../../shared/model.ts'
import { evidenceOf, type Evidence } from '../scoring/evidence.ts'
import { isObject, property } from '../scoring/field.ts'
import type { Plan } from '../scoring/plan.ts'
import type { Replay } from '../scoring/replay.ts'
import { rulePointsAt } from '../scoring/score.ts'
import type { OutcomeEvents } from './label.ts'
import type { Learned } from './people.ts'

/** Why a result may be too good to be true. */
export interface LeakWarning {
  kind: 'information_value' | 'set_by_server' | 'after_outcome' | 'outcome_event'
  rule: string
  /** JSON pointer into the model. */
  pointer: string
  detail: string
  /** What the detail tells of, as figures. */
  informationValue: number
  /** People that have points by it, and those for whom a server set it. */
  people: number
  setByServer: number
  /** People of whom it became known with the outcome or after it, and all of whom it is known. */
  after: number
  known: number
}

/** Over this, Siddiqi calls an information value suspicious: it is seldom seen where nothing leaks. */
const SUSPICIOUS = 1
/** A trait that somebody else fills in need not be that good to be doubted. */
const DOUBTFUL = 0.3
/** People of whom a trait is known, under which nothing is said of it. */
const FEW = 5

/** Watches, while people are replayed, what each rule and each trait that is asked for knew, and from whom. */
export function leakWatch(model: Model, plan: Plan, outcomeEvents: OutcomeEvents) {
  const held = model.rules.map(() => ({ won: 0, lost: 0, open: 0, server: 0 }))
  const names = new Set(model.rules.flatMap(rule => ('trait' in rule ? Object.keys(rule.trait) : [])))
  const traits = new Map(Array.from(names, name => [name, { before: 0, after: 0 }]))
  const all: Counts = { won: 0, lost: 0, open: 0 }
  const settled = ({ won, lost, open }: Counts, openAsLost: boolean) => ({ won, lost: openAsLost ? lost + open : lost })
  const evidence = (openAsLost: boolean): Evidence[] =>
    held.map(counts => {
      const { won, lost } = settled(counts, openAsLost)
      return evidenceOf(won, lost, settled(all, openAsLost))
    })

  return {
    see({ label, history, later }: Learned, { fold }: Replay): void {
      const result = label?.result ?? 'open'
      all[result]++
      const at = history.at(-1)?.at ?? 0
      for (const planned of plan.rules) {
        if (rulePointsAt(planned, fold, at) === 0) continue
        const count = held[planned.index]!
        count[result]++
        if (!('trait' in planned.rule)) continue
        const sources = Object.keys(planned.rule.trait).map(name => fold.traits[name]?.provenance)
        if (sources.includes('server')) count.server++
      }
      if (names.size === 0) return
      const came = new Set(later.flatMap(event => Object.keys(traitsOf(event))))
      for (const [name, count] of traits) {
        if (Object.hasOwn(fold.traits, name)) count.before++
        else if (came.has(name)) count.after++
      }
    },

    evidence,

    /** `openAsLost`: those of whom nobody knows yet count as lost. */
    warnings(openAsLost: boolean): LeakWarning[] {
      const told = evidence(openAsLost)
      return model.rules.flatMap((rule, index): LeakWarning[] => {
        const { won, lost, open, server } = held[index]!
        const { informationValue } = told[index]!
        const people = won + lost + open
        const place = {
          rule: rule.id,
          pointer: `/rules/${index}`,
          informationValue,
          people,
          setByServer: server,
          after: 0,
          known: 0,
        }
        const value = informationValue.toFixed(2)
        const whose = server > 0 ? ` It was set by a server for ${server} of ${people} people: was that sales?` : ''
        const found: LeakWarning[] = []
        if ('on' in rule && [...outcomeEvents.won, ...outcomeEvents.lost].includes(rule.on)) {
          const detail = `"${rule.on}" is the outcome itself, so the rule gave no points here.`
          found.push({ kind: 'outcome_event', ...place, detail })
        }
        if (informationValue > SUSPICIOUS) {
          const detail = `"${rule.id}" alone nearly tells who was won (information value ${value}; over 1 is suspicious). Does it know the outcome?${whose}`
          found.push({ kind: 'information_value', ...place, detail })
        } else if (informationValue > DOUBTFUL && server > people / 2) {
          const detail = `"${rule.id}" tells much of who was won (information value ${value}).${whose}`
          found.push({ kind: 'set_by_server', ...place, detail })
        }
        for (const name of 'trait' in rule ? Object.keys(rule.trait) : []) {
          const { before, after } = traits.get(name)!
          if (after < FEW || after < before) continue
          const detail = `"${name}" became known with the outcome or after it for ${after} of ${before + after} people: it could not have told who would be won.`
          found.push({ kind: 'after_outcome', ...place, after, known: before + after, detail })
        }
        return found
      })
    },
  }
}

function traitsOf(event: Learned['later'][number]): object {
  const traits = property(event, 'traits')
  return isObject(traits) ? traits : {}
}
