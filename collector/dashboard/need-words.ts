import type { NeedWords } from '../../shared/need.ts'
import { cut, spoken } from './who.ts'
import type { Words } from './words.ts'

/** What a condition asks for, in the language of the page. */
export function needWords(words: Words): NeedWords {
  const { say } = words
  const event = (type: string): string => `“${words.sayIf(`event.${type}`, cut(spoken(type), 60))}”`
  const field = (name: string): string => words.sayIf(`trait.${name}`, cut(spoken(name), 40))
  const about = (which: string | null): string => (which === null ? '' : ` (${which})`)
  const parts = (...given: string[]): string => given.filter(part => part !== '').join(' ')
  const within = (days: number | null): string => (days === null ? '' : say('need.within', { days }))
  return {
    all: all => words.list(all, 'conjunction'),
    oneOf: options => words.list(options, 'disjunction'),
    someOf: (n, options) => say('need.someOf', { n, list: words.list(options, 'conjunction') }),
    not: what => say('need.not', { what }),
    points: (points, score) => say('need.points', { points, score }),
    score: (value, score) => say('need.score', { value: words.number(value, value % 1 === 0 ? 0 : 1), score }),
    known: trait => (trait === 'email' ? say('need.email') : say('need.known', { trait: field(trait) })),
    stage: stage => say('need.stage', { stage: say(`stage.${stage}`) }),
    field: (name, tests) => `${field(name)} ${words.list(tests, 'conjunction')}`,
    test: (operator, operand) =>
      operator === 'exists'
        ? say(operand === 'true' ? 'need.op.exists' : 'need.op.missing')
        : operator === 'eq'
          ? `= ${cut(operand, 100)}`
          : say(`need.op.${operator}`, { operand: cut(operand, 100) }),
    event: ({ event: type, which, missing, happened, distinct, within: days }) =>
      parts(
        event(type) + about(which),
        happened > 0 ? say('need.more', { missing }) : missing > 1 ? say('need.times', { missing }) : '',
        distinct === null ? '' : say('need.distinct', { field: field(distinct) }),
        within(days),
      ),
    sequence: (steps, sameKey, days) =>
      parts(steps.join(' → '), sameKey === null ? '' : say('need.same', { field: field(sameKey) }), within(days)),
    step: (type, which) => event(type) + about(which),
  }
}
