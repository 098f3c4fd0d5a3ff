import type { Matcher } from '../../shared/model.ts'
import {
  flag,
  isObject,
  list,
  named,
  number,
  object,
  optional,
  refuse,
  saying,
  scalar,
  schemaOf,
  text,
  type Check,
} from './document.ts'

const operators = object<Extract<Matcher, object>>({
  eq: optional(scalar),
  ne: optional(scalar),
  in: optional(list(scalar, { min: 1, max: 500 })),
  prefix: optional(text()),
  suffix: optional(text()),
  contains: optional(text()),
  glob: optional(text()),
  gt: optional(number()),
  gte: optional(number()),
  lt: optional(number()),
  lte: optional(number()),
  exists: optional(flag),
})

const matcherSchema = {
  anyOf: [schemaOf(scalar), { ...(schemaOf(operators) as object), minProperties: 1 }],
}

const matcher: Check = saying(matcherSchema, (value, place) => {
  if (!isObject(value)) return scalar(value, place)
  if (Object.keys(value).length === 0)
    return refuse(place, 'Must say what to match: { "prefix": "/pricing" }, for example.')
  operators(value, place)
})

const FIELD = /^(?!__proto__$)[A-Za-z_$][\w.$-]{0,63}$/

/** The name of a field of an event, or of a trait. */
export const fieldName: Check = saying({ type: 'string', pattern: FIELD.source }, (value, place) => {
  if (typeof value !== 'string' || !FIELD.test(value))
    refuse(place, 'Must be the name of a field: at most 64 letters, digits and _ . $ -, and no digit first.')
})

export const where: Check = named(fieldName, matcher, { max: 20 })
