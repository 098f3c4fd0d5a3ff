import type { ScoreName } from '../../shared/model.ts'
import type { NeedWords, Operator } from '../../shared/need.ts'

/** In English, as the API says it. */
export const ENGLISH: NeedWords = {
  all: parts => parts.join(' and '),
  oneOf: options => `one of: ${options.join(', ')}`,
  someOf: (n, options) => `${n} of: ${options.join(', ')}`,
  not: what => `not: ${what}`,
  points: (points, score) => `${points} more ${score === 'total' ? 'points' : `points of ${score}`}`,
  score: (value, score) => `${SCORES[score]} of ${value}`,
  known: trait => (trait === 'email' ? 'an e-mail address' : `a known ${spoken(trait)}`),
  stage: stage => `the stage ${stage}`,
  field: (name, tests) => `${spoken(name)} ${tests.join(' and ')}`,
  test: (operator, operand) =>
    operator === 'exists' ? (operand === 'true' ? 'known' : 'unknown') : `${OPERATORS[operator]} ${operand}`.trim(),
  event({ event, which, missing, happened, distinct, within }) {
    const more = happened > 0 ? ' more' : ''
    const times = missing > 1 ? ` ${missing}${more} times` : happened > 0 ? ' once more' : ''
    const different = distinct === null ? '' : ` with different ${spoken(distinct)}`
    return `${spoken(event)}${withWhich(which)}${times}${different}${withinWords(within)}`
  },
  sequence(steps, sameKey, within) {
    const same = sameKey === null ? '' : ` for the same ${spoken(sameKey)}`
    return `${steps.join(', then ')}${same}${withinWords(within)}`
  },
  step: (event, which) => `${spoken(event)}${withWhich(which)}`,
}

const SCORES: Record<ScoreName, string> = {
  total: 'a score',
  engagement: 'a score for engagement',
  fit: 'a score for fit',
}

const OPERATORS: Record<Operator, string> = {
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

const withWhich = (which: string | null): string => (which === null ? '' : ` with ${which}`)
const withinWords = (days: number | null): string =>
  days === null ? '' : days === 1 ? ' within a day' : ` within ${days} days`
const spoken = (name: string): string => name.replaceAll('_', ' ')
