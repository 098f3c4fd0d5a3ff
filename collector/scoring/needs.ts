import type { Condition, EventCondition, Matcher, Where } from '../../shared/model.ts'
import type { NeedWords, Operator } from '../../shared/need.ts'
import { countOf, isMet, type Moment } from './condition.ts'

/** What a condition still asks for: one phrase for each unmet part, of which all are needed. None when it is met. */
export function needsOf(condition: Condition, moment: Moment, words: NeedWords): string[] {
  if (isMet(condition, moment)) return []
  if ('all' in condition) return condition.all.flatMap(part => needsOf(part, moment, words))
  if ('any' in condition) return [choice(null, condition.any, moment, words)]
  if ('atLeast' in condition) {
    const { n, of } = condition.atLeast
    const unmet = of.filter(part => !isMet(part, moment))
    return [choice(n - (of.length - unmet.length), unmet, moment, words)]
  }
  if ('not' in condition) return [words.not(describe(condition.not, words))]
  if ('score' in condition) {
    const points = condition.gte - moment.scores()[condition.score]
    // Rounded up to a tenth, so that what is missing is never called nothing.
    return [words.points(Math.ceil(points * 10 - 1e-9) / 10, condition.score)]
  }
  if ('event' in condition) return [eventWords(condition, countOf(condition, moment), words)]
  return [describe(condition, words)]
}

/** One, or so many, of several. */
function choice(n: number | null, conditions: readonly Condition[], moment: Moment, words: NeedWords): string {
  const options = conditions.map(part => words.all(needsOf(part, moment, words)))
  if (options.length === 1) return options[0]!
  return n === null ? words.oneOf(options) : words.someOf(n, options)
}

/** A condition in words, whether it is met or not. */
function describe(condition: Condition, words: NeedWords): string {
  const every = (parts: readonly Condition[]) => parts.map(part => describe(part, words))
  if ('all' in condition) return words.all(every(condition.all))
  if ('any' in condition) return words.oneOf(every(condition.any))
  if ('atLeast' in condition) return words.someOf(condition.atLeast.n, every(condition.atLeast.of))
  if ('not' in condition) return words.not(describe(condition.not, words))
  if ('score' in condition) return words.score(condition.gte, condition.score)
  if ('known' in condition) return words.known(condition.known)
  if ('trait' in condition) return whereWords(condition.trait, words)
  if ('stage' in condition) return words.stage(condition.stage)
  if ('event' in condition) return eventWords(condition, 0, words)
  const steps = condition.sequence.map(({ event, where }) => words.step(event, where ? whereWords(where, words) : null))
  return words.sequence(steps, condition.sameKey ?? null, condition.within ?? null)
}

const eventWords = (
  { event, where, within, distinct, count = 1 }: EventCondition,
  happened: number,
  words: NeedWords,
): string =>
  words.event({
    event,
    which: where ? whereWords(where, words) : null,
    missing: count - happened,
    happened,
    distinct: count > 1 ? (distinct ?? null) : null,
    within: within ?? null,
  })

const whereWords = (where: Where, words: NeedWords): string =>
  words.all(Object.entries(where).map(([name, matcher]) => words.field(name, testsOf(matcher, words))))

function testsOf(matcher: Matcher, words: NeedWords): string[] {
  if (matcher === null) return [words.test('exists', 'false')]
  if (typeof matcher !== 'object') return [words.test('eq', String(matcher))]
  return Object.entries(matcher).map(([name, operand]) =>
    words.test(name as Operator, Array.isArray(operand) ? operand.join(', ') : String(operand)),
  )
}
