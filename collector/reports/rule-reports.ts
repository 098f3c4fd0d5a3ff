import { HOUR, SECOND, type Duration, type Instant } from '../../shared/instant.ts'
import type { Store } from '../store/store.ts'
import type { Reader, RulesQuestion } from './reader.ts'
import type { RulesReport } from './rules.ts'
import { createStudies } from './study.ts'

/** What took no longer is made anew each time. */
const SHORT: Duration = SECOND / 10

/** A report, and when it was asked. */
export interface RulesFound {
  report: RulesReport
  at: Instant
}

export interface RuleReports {
  /** What took long is remembered. */
  ask(question: RulesQuestion): Promise<RulesFound>
  /** What the live model's rules did, over everything that is kept, up to six hours ago; `null` when that is not known yet. */
  glance(site: number): Promise<RulesReport | null>
}

interface Parts {
  store: Pick<Store, 'model'>
  reader: Pick<Reader, 'rules'>
  clock: () => Instant
  log: (error: unknown) => void
}

export function createRuleReports({ store, reader, clock, log }: Parts): RuleReports {
  const asked = createStudies<RulesReport>(clock, {
    lasts: took => (took > SHORT ? 100 * took : 0),
    patience: Infinity,
  })
  const glanced = createStudies<RulesReport>(clock, { lasts: () => 6 * HOUR, patience: SECOND / 4 })

  return {
    async ask(question) {
      const { at, result } = await asked(JSON.stringify(question), () => reader.rules(question, clock()))
      return { report: result!, at }
    },

    async glance(site) {
      const { version } = await store.model(site)
      try {
        const { result } = await glanced(`${site} ${version}`, () =>
          reader.rules({ site, version, span: { from: null, to: null }, tz: 'UTC' }, clock()),
        )
        return result
      } catch (error) {
        log(error)
        return null
      }
    },
  }
}
