import type { Condition, EventCondition, Matcher, ScoreName, Where } from '../../shared/model.ts'
import { countOf, isMet, type Moment } from './condition.ts'

/**
 * What a condition still asks for, in words: one phrase for each unmet part, of which all are needed. None when it is met.
 */
export function needsOf(condition: Condition, moment: Moment): string[] {
  if (isMet(condition, moment)) return []
  if ('all' in condition) return condition.all.flatMap(part => needsOf(part, moment))
  if ('any' in condition) return [choice('one of', condition.any, moment)]
  if ('atLeast' in condition) {
    const { n, of } = condition.atLeast
    const unmet = of.filter(part => !isMet(part, moment))
    return [choice(`${n - (of.length - unmet.length)} of`, unmet, moment)]
  }
  if ('not' in condition) return [`not: ${describe(condition.not)}`]
  if ('score' in condition) return [morePoints(condition.gte - moment.scores()[condition.score], condition.score)]
  if ('event' in condition) return [eventWords(condition, countOf(condition, moment))]
  return [describe(condition)]
}

function choice(words: string, conditions: readonly Condition[], moment: Moment): string {
  const options = conditions.map(part => needsOf(part, moment).join(' and '))
  return options.length === 1 ? options[0]! : `${words}: ${options.join(', ')}`
}

/** Rounded up to a tenth, so that what is missing is never called nothing. */
function morePoints(points: number, score: ScoreName): string {
  const kind = score === 'total' ? 'points' : `points of ${score}`
  return `${Math.ceil(points * 10 - 1e-9) / 10} more ${kind}`
}

/** A condition in words, whether it is met or not. */
function describe(condition: Condition): string {
  if ('all' in condition) return condition.all.map(describe).join(' and ')
  if ('any' in condition) return `one of: ${condition.any.map(describe).join(', ')}`
  if ('atLeast' in condition) return `${condition.atLeast.n} of: ${condition.atLeast.of.map(describe).join(', ')}`
  if ('not' in condition) return `not: ${describe(condition.not)}`
  if ('score' in condition) {
    return `${condition.score === 'total' ? 'a score' : `a score for ${condition.score}`} of ${condition.gte}`
  }
  if ('known' in condition)
    return condition.known === 'email' ? 'an e-mail address' : `a known ${spoken(condition.known)}`
  if ('trait' in condition) return whereWords(condition.trait)
  if ('stage' in condition) return `the stage ${condition.stage}`
  if ('event' in condition) return eventWords(condition, 0)
  const steps = condition.sequence.map(({ event, where }) => spoken(event) + whichWords(where))
  const same = condition.sameKey === undefined ? '' : ` for the same ${spoken(condition.sameKey)}`
  return `${steps.join(', then ')}${same}${withinWords(condition.within)}`
}

function eventWords({ event, where, within, distinct, count = 1 }: EventCondition, happened: number): string {
  const missing = count - happened
  const more = happened > 0 ? ' more' : ''
  const times = missing > 1 ? ` ${missing}${more} times` : happened > 0 ? ' once more' : ''
  const different = distinct === undefined || count === 1 ? '' : ` with different ${spoken(distinct)}`
  return `${spoken(event)}${whichWords(where)}${times}${different}${withinWords(within)}`
}

const whichWords = (where: Where | undefined): string => (where ? ` with ${whereWords(where)}` : '')
const withinWords = (days: number | undefined): string =>
  days === undefined ? '' : days === 1 ? ' within a day' : ` within ${days} days`
const spoken = (name: string): string => name.replaceAll('_', ' ')

function whereWords(where: Where): string {
  return Object.entries(where)
    .map(([name, matcher]) => `${spoken(name)} ${matcherWords(matcher)}`)
    .join(' and ')
}

const OPERATOR_WORDS: Record<keyof Extract<Matcher, object>, string> = {
  eq: '',
  ne: 'other than',
  in: 'one of',
  prefix: 'beginning with',
  suffix: 'ending with',
  contains: 'containing',
  glob: 'like',
  gt: 'above',
  gte: 'at least',
  lt: 'under',
  lte: 'at most',
  exists: '',
}

function matcherWords(matcher: Matcher): string {
  if (matcher === null || typeof matcher !== 'object') return matcher === null ? 'unknown' : String(matcher)
  return Object.entries(matcher)
    .map(([name, operand]) => {
      if (name === 'exists') return operand === true ? 'known' : 'unknown'
      const words = OPERATOR_WORDS[name as keyof typeof OPERATOR_WORDS]
      return `${words} ${Array.isArray(operand) ? operand.join(', ') : String(operand)}`.trim()
    })
    .join(' and ')
}
