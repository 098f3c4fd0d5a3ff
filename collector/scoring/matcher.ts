import type { Json } from '../../shared/json.ts'
import type { Matcher, Where } from '../../shared/model.ts'
import { numberOf } from './field.ts'

export type Test = (value: Json) => boolean

/**
 * What each operator asks of a value. Nothing known is `null`, and matches only `eq: null`, `in` with a `null` and
 * `exists: false`: who is not known to be in Norway is not thereby known to be abroad.
 */
const OPERATORS: { [O in keyof Operators]-?: (operand: NonNullable<Operators[O]>) => Test } = {
  eq: operand => value => value === operand,
  ne: operand => value => value !== null && value !== operand,
  in: operands => {
    const set = new Set<Json>(operands)
    return value => set.has(value)
  },
  prefix: part => value => typeof value === 'string' && value.startsWith(part),
  suffix: part => value => typeof value === 'string' && value.endsWith(part),
  contains: part => value => typeof value === 'string' && value.includes(part),
  glob: pattern => glob(pattern),
  gt: bound => compared(number => number > bound),
  gte: bound => compared(number => number >= bound),
  lt: bound => compared(number => number < bound),
  lte: bound => compared(number => number <= bound),
  exists: wanted => value => (value !== null) === wanted,
}

type Operators = Extract<Matcher, object>

/** A matcher as a question to a value. Every operator in it must hold. */
export function compileMatcher(matcher: Matcher): Test {
  if (matcher === null || typeof matcher !== 'object') return value => value === matcher
  const tests = Object.entries(matcher).map(([name, operand]) => {
    const compile = OPERATORS[name as keyof Operators] as (operand: unknown) => Test
    return compile(operand)
  })
  return value => tests.every(test => test(value))
}

/** A `where` as a question to whatever `read` reads the named values from. Every named value must match. */
export function compileWhere<From>(
  where: Where | undefined,
  read: (from: From, name: string) => Json,
): (from: From) => boolean {
  const tests = Object.entries(where ?? {}).map(([name, matcher]) => ({ name, test: compileMatcher(matcher) }))
  return from => tests.every(({ name, test }) => test(read(from, name)))
}

function compared(holds: (number: number) => boolean): Test {
  return value => {
    const number = numberOf(value)
    return number !== null && holds(number)
  }
}

/** `*` stands for any run of characters, `/` included; everything else for itself. Never backtracks. */
function glob(pattern: string): Test {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return value => value === pattern
  return value => {
    if (typeof value !== 'string' || !value.startsWith(head)) return false
    let from = head.length
    for (const part of rest) {
      const found = value.indexOf(part, from)
      if (found < 0) return false
      from = found + part.length
    }
    return value.length - from >= tail.length && value.endsWith(tail)
  }
}
