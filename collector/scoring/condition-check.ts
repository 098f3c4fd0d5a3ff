import type { Condition, EventCondition, SequenceCondition } from '../../shared/model.ts'
import { PATH } from '../../shared/stage.ts'
import {
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  quoted,
  refuse,
  saying,
  schemaOf,
  text,
  unknownName,
  wholeNumber,
  type Check,
  type Schema,
} from './document.ts'
import { fieldName, where } from './where-check.ts'

export const SCORES = ['total', 'engagement', 'fit'] as const
const MAX_DEPTH = 8
const MAX_PARTS = 50

export const threshold = number({ min: -1_000_000, max: 1_000_000 })
export const eventName = text(100)
const days = number({ above: 0, max: 3_650 })

/** A condition, whose kind is told by the one key that only its kind has. */
export const condition = conditionAt(1)

/** For the schema: a condition at each depth, under the names that its parts refer to. */
export const conditionSchemas = (): Record<string, Schema> =>
  Object.fromEntries(Array.from({ length: MAX_DEPTH }, (_, index) => [`condition${index + 1}`, kindsSchema(index + 1)]))

type Of<Key extends string> = Extract<Condition, Record<Key, unknown>>

function kindsSchema(depth: number): Schema {
  return { anyOf: Object.values(kindsAt(depth)).map(schemaOf) }
}

function refAt(depth: number): Schema {
  return depth <= MAX_DEPTH ? { $ref: `#/$defs/condition${depth}` } : false
}

function kindsAt(depth: number): Record<string, Check> {
  const part = saying(refAt(depth + 1), (value, place) =>
    depth < MAX_DEPTH
      ? conditionAt(depth + 1)(value, place)
      : refuse(place, `Conditions may be ${MAX_DEPTH} deep at most.`),
  )
  const several = list(part, { min: 1, max: MAX_PARTS })
  return {
    all: object<Of<'all'>>({ all: several }),
    any: object<Of<'any'>>({ any: several }),
    not: object<Of<'not'>>({ not: part }),
    atLeast: object<Of<'atLeast'>>({
      atLeast: object<Of<'atLeast'>['atLeast']>({ n: wholeNumber(1, MAX_PARTS), of: several }),
    }),
    score: object<Of<'score'>>({ score: oneOf(SCORES), gte: threshold }),
    known: object<Of<'known'>>({ known: fieldName }),
    trait: object<Of<'trait'>>({ trait: where }),
    stage: object<Of<'stage'>>({ stage: oneOf(PATH) }),
    event: object<EventCondition>({
      event: eventName,
      where: optional(where),
      count: optional(wholeNumber(1, 100)),
      within: optional(days),
      distinct: optional(fieldName),
    }),
    sequence: object<SequenceCondition>({
      sequence: list(object<SequenceCondition['sequence'][number]>({ event: eventName, where: optional(where) }), {
        min: 2,
        max: 10,
      }),
      within: optional(days),
      sameKey: optional(fieldName),
    }),
  }
}

function conditionAt(depth: number): Check {
  return saying(refAt(depth), (value, place) => {
    const kinds = kindsAt(depth)
    if (!isObject(value))
      return refuse(place, `Must be a condition such as { "known": "email" }, not ${quoted(value)}.`)
    const names = Object.keys(value)
    const [kind, other] = names.filter(name => Object.hasOwn(kinds, name))
    if (kind === undefined) return refuse(place, unknownName(names[0] ?? '', Object.keys(kinds)))
    if (other !== undefined)
      return refuse(place, `\`${kind}\` and \`${other}\` are two conditions: join them by "all" or "any".`)
    kinds[kind]!(value, place)
  })
}
