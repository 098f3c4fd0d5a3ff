import { HOUR, SECOND, type Duration, type Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Store } from '../store/store.ts'
import type { Reader, RulesQuestion } from './reader.ts'
import type { RulesReport } from './rules.ts'
import { createStudies } from './study.ts'

/** The report replays everybody, each within a fifth of a millisecond. Of so many people it is waited for. */
const FEW = 20_000
const A_PERSON: Duration = 0.2
/** How long the report of more is waited for: the next one who asks will have it. */
const PATIENCE: Duration = 100

/** A report, and when it was asked. */
export interface RulesFound {
  report: RulesReport
  at: Instant
}

export interface RuleReports {
  /** What took long is remembered. Refuses with the time after which to ask again (`overloaded`) while very many people are replayed. */
  ask(question: RulesQuestion): Promise<RulesFound>
  /** What the live model's rules did, over everything that is kept, up to six hours ago; `null` when that is not known yet, and of very many people. */
  glance(site: number): Promise<RulesReport | null>
}

interface Parts {
  store: Pick<Store, 'model' | 'leadCount'>
  reader: Pick<Reader, 'rules'>
  clock: () => Instant
  log: (error: unknown) => void
}

export function createRuleReports({ store, reader, clock, log }: Parts): RuleReports {
  const asked = createStudies<RulesReport>(clock, {
    lasts: took => (took > PATIENCE ? 100 * took : 0),
    patience: PATIENCE,
  })
  const glanced = createStudies<RulesReport | null>(clock, { lasts: () => 6 * HOUR, patience: SECOND / 4 })

  /** By site, how many there were when they were first counted: the thread that counts is busy with them. */
  const many = new Map<number, number>()

  return {
    async ask(question) {
      const key = JSON.stringify(question)
      const find = () => reader.rules(question, clock())
      const soon = await asked(key, find)
      const people = soon.result ? 0 : (many.get(question.site) ?? (await store.leadCount(question.site, {})))
      if (people > FEW) many.set(question.site, people)
      const { at, result } = soon.result || people > FEW ? soon : await asked(key, find, Infinity)
      if (result) return { report: result, at }
      throw new Refusal('overloaded', `The report replays all ${people} people; ask again when that is done.`, [], {
        retryAfter: Math.max(SECOND, people * A_PERSON),
      })
    },

    async glance(site) {
      const { version } = await store.model(site)
      try {
        const { result } = await glanced(`${site} ${version}`, async () => {
          const people = await store.leadCount(site, {})
          if (people === 0 || people > FEW) return null
          return reader.rules({ site, version, span: { from: null, to: null }, tz: 'UTC' }, clock())
        })
        return result
      } catch (error) {
        log(error)
        return null
      }
    },
  }
}
