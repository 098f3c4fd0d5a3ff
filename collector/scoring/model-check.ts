import type { EventRule, Group, Label, Limits, Measured, Model, TraitRule } from '../../shared/model.ts'
import { condition, eventName, SCORES, threshold } from './condition-check.ts'
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
  wholeNumber,
} from './document.ts'
import { MAX_POINTS } from './entry.ts'
import { fieldName, where } from './where-check.ts'

const ID = /^[A-Za-z][\w-]{0,63}$/

const id = saying({ type: 'string', pattern: ID.source }, (value, place) => {
  if (typeof value !== 'string' || !ID.test(value))
    refuse(
      place,
      `Must be a short name such as "cart": letters, digits, _ and -, a letter first; not ${quoted(value)}.`,
    )
})

const amount = number({ min: -MAX_POINTS, max: MAX_POINTS })

const points = saying({ ...(schemaOf(amount) as object), not: { const: 0 } }, (value, place) => {
  amount(value, place)
  if (value === 0) refuse(place, 'Must not be 0: it would do nothing.')
})

const limits = { min: optional(threshold), max: optional(threshold) }

const measured = object<Measured>({
  per: number({ above: 0 }),
  of: fieldName,
  points,
  max: optional(points),
})

const days = number({ above: 0, max: 36_500 })

const halfLifeDays = saying({ anyOf: [{ type: 'null' }, schemaOf(days)] }, (value, place) => {
  if (value !== null) days(value, place)
})

const eventRule = object<EventRule>({
  id,
  group: id,
  on: eventName,
  where: optional(where),
  points: saying({ anyOf: [schemaOf(points), schemaOf(measured)] }, (value, place) =>
    isObject(value) ? measured(value, place) : points(value, place),
  ),
  limit: optional(
    object<NonNullable<EventRule['limit']>>({
      n: wholeNumber(1, 1_000),
      per: oneOf(['visit', 'day', 'ever']),
      key: optional(fieldName),
    }),
  ),
  halfLifeDays: optional(halfLifeDays),
  cap: optional(points),
  reversedBy: optional(
    object<NonNullable<EventRule['reversedBy']>>({ on: eventName, match: list(fieldName, { max: 5 }) }),
  ),
})

const traitRule = object<TraitRule>({ id, group: id, trait: where, points })

const rule = saying({ anyOf: [schemaOf(eventRule), schemaOf(traitRule)] }, (value, place) => {
  if (!isObject(value)) return refuse(place, `Must be a rule, not ${quoted(value)}.`)
  if ('on' in value && 'trait' in value) return refuse(place, 'Has both `on` and `trait`: make it two rules.')
  if ('on' in value) return eventRule(value, place)
  if ('trait' in value) return traitRule(value, place)
  refuse(place, 'Needs either `on`, the type of an event, or `trait`, what a person is.')
})

/** The shape of a model document: what can be said of each part by itself. */
export const modelCheck = object<Model>({
  name: text(),
  timezone: optional(
    saying({ type: 'string' }, (value, place) => {
      if (typeof value !== 'string' || !isTimezone(value))
        refuse(place, `Must be a time zone such as "Europe/Oslo" or "UTC", not ${quoted(value)}.`)
    }),
  ),
  groups: list(object<Group>({ id, kind: oneOf(['engagement', 'fit']), ...limits }), { min: 1, max: 50 }),
  rules: list(rule, { min: 1, max: 200 }),
  total: optional(object<Limits>(limits)),
  labels: optional(list(object<Label>({ id, score: oneOf(SCORES), gte: threshold }), { max: 20 })),
  stages: optional(
    object<Model['stages']>({
      subscriber: optional(condition),
      lead: optional(condition),
      mql: optional(condition),
      fastTrack: optional(condition),
    }),
  ),
})

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
