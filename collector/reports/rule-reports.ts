import { HOUR, SECOND, type Duration, type Instant } from '../../shared/instant.ts'
import type { Store } from '../store/store.ts'
import type { Reader, RulesQuestion } from './reader.ts'
import type { RulesReport } from './rules.ts'
import { createStudies, type Study } from './study.ts'

/**
 * Of more people, so many are replayed, in ten seconds, or thirty from a cold disk: a share of them all is within one per
 * cent of the truth, 19 times of 20.
 */
const MOST = 20_000
/** Until that is done, so many, in a fifth of a second: within seven per cent. */
const AT_FIRST = 200

/** What took no longer is made anew each time. */
const SHORT: Duration = SECOND / 10

/** A report, and when it was asked. */
export interface RulesFound {
  report: RulesReport
  at: Instant
}

type Question = Omit<RulesQuestion, 'most'>

export interface RuleReports {
  /** What took long is remembered. Of very many people, the first answer is of a small sample. */
  ask(question: Question): Promise<RulesFound>
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
  const remembering = { lasts: (took: Duration) => (took > SHORT ? 100 * took : 0), patience: Infinity }
  const glimpses = createStudies<RulesReport>(clock, remembering)
  const wholes = createStudies<RulesReport>(clock, remembering)
  const glanced = createStudies<RulesReport>(clock, { lasts: () => 6 * HOUR, patience: SECOND / 4 })
  const replay = (question: Question, most: number) => reader.rules({ ...question, most }, clock())

  return {
    async ask(question) {
      const key = JSON.stringify(question)
      const glimpse = () => glimpses(key, () => replay(question, AT_FIRST))
      const find = async () => {
        const { result } = await glimpse()
        return result!.sample ? replay(question, MOST) : result!
      }
      const whole = await wholes(key, find, 0)
      if (whole.result) return found(whole)
      const few = await glimpse()
      const { sample } = few.result!
      return found(!sample || sample.of > MOST ? few : await wholes(key, find))
    },

    async glance(site) {
      const { version } = await store.model(site)
      try {
        const { result } = await glanced(`${site} ${version}`, () =>
          replay({ site, version, span: { from: null, to: null }, tz: 'UTC' }, MOST),
        )
        return result
      } catch (error) {
        log(error)
        return null
      }
    },
  }
}

const found = ({ result, at }: Study<RulesReport>): RulesFound => ({ report: result!, at })
