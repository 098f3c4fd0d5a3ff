import type { EventRule, Group, Label, Limits, Measured, Model, TraitRule } from '../../shared/model.ts'
import { Refusal } from '../../shared/refusal.ts'
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
  text,
  under,
  unknownName,
  wholeNumber,
  type Check,
  type Place,
} from './document.ts'
import { MAX_POINTS } from './entry.ts'
import { fieldName, where } from './where-check.ts'

/**
 * A model document, checked and with its defaults filled in; a copy, which nobody else can change.
 * Throws a `Refusal` that lists every wrong place, in words for the marketer who wrote it.
 */
export function readModel(document: unknown): Model {
  const root: Place = { pointer: '', errors: [] }
  model(document, root)
  references(document, root)
  const { errors } = root
  if (errors.length > 0) {
    const places = errors.length === 1 ? 'one place' : `${errors.length} places`
    throw new Refusal('invalid', `The model is wrong in ${places}.`, errors)
  }
  const copy = JSON.parse(JSON.stringify(document)) as Partial<Model>
  return { timezone: 'UTC', total: {}, labels: [], stages: {}, ...copy } as Model
}

const id: Check = (value, place) => {
  if (typeof value !== 'string' || !/^[a-z][\w-]{0,63}$/i.test(value))
    refuse(
      place,
      `Must be a short name such as "cart": letters, digits, _ and -, a letter first; not ${quoted(value)}.`,
    )
}

const points: Check = (value, place) => {
  number({ min: -MAX_POINTS, max: MAX_POINTS })(value, place)
  if (value === 0) refuse(place, 'Must not be 0: it would do nothing.')
}

const limits = { min: optional(threshold), max: optional(threshold) }

const measured = object<Measured>({
  per: number({ above: 0 }),
  of: fieldName,
  points,
  max: optional(points),
})

const halfLifeDays: Check = (value, place) => {
  if (value !== null) number({ above: 0, max: 36_500 })(value, place)
}

const eventRule = object<EventRule>({
  id,
  group: id,
  on: eventName,
  where: optional(where),
  points: (value, place) => (isObject(value) ? measured(value, place) : points(value, place)),
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

const rule: Check = (value, place) => {
  if (!isObject(value)) return refuse(place, `Must be a rule, not ${quoted(value)}.`)
  if ('on' in value && 'trait' in value) return refuse(place, 'Has both `on` and `trait`: make it two rules.')
  if ('on' in value) return eventRule(value, place)
  if ('trait' in value) return traitRule(value, place)
  refuse(place, 'Needs either `on`, the type of an event, or `trait`, what a person is.')
}

const model = object<Model>({
  name: text(),
  timezone: optional((value, place) => {
    if (typeof value !== 'string' || !isTimezone(value))
      refuse(place, `Must be a time zone such as "Europe/Oslo" or "UTC", not ${quoted(value)}.`)
  }),
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

/** What only shows when parts of a document are held against each other. Parts of a wrong shape are passed over. */
function references(document: unknown, root: Place): void {
  if (!isObject(document)) return
  const part = (name: string) =>
    (Array.isArray(document[name]) ? document[name] : []).flatMap((value: unknown, index) =>
      isObject(value) ? [{ value, place: under(under(root, name), index) }] : [],
    )
  for (const name of ['groups', 'rules', 'labels']) {
    const ids = new Set<unknown>()
    for (const { value, place } of part(name)) {
      if (ids.has(value['id']))
        refuse(under(place, 'id'), `There is already a ${quoted(value['id'])} among the ${name}.`)
      if (typeof value['id'] === 'string') ids.add(value['id'])
    }
  }
  const groups = part('groups').flatMap(({ value }) => (typeof value['id'] === 'string' ? [value['id']] : []))
  for (const { value, place } of part('groups')) ordered(value, place)
  if (isObject(document['total'])) ordered(document['total'], under(root, 'total'))
  for (const { value, place } of part('rules')) {
    const group = value['group']
    if (typeof group === 'string' && !groups.includes(group)) {
      refuse(under(place, 'group'), unknownName(group, groups))
    }
    sameSign(value, place)
    const { on, reversedBy } = value
    if (isObject(reversedBy) && typeof on === 'string' && reversedBy['on'] === on)
      refuse(under(under(place, 'reversedBy'), 'on'), 'An event cannot take itself out: name the event that removes.')
  }
}

function ordered({ min, max }: Record<string, unknown>, place: Place): void {
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    refuse(under(place, 'min'), `Must not be above \`max\`, ${max}.`)
}

/** A cap bounds what its rule piles up, so it lies on the same side of nought. */
function sameSign({ points: worth, cap }: Record<string, unknown>, place: Place): void {
  const given = isObject(worth) ? worth['points'] : worth
  const differs = (bound: unknown) => typeof bound === 'number' && typeof given === 'number' && bound * given < 0
  const detail = `Must have the sign of the points, ${quoted(given)}: it is the most that they add up to.`
  if (differs(cap)) refuse(under(place, 'cap'), detail)
  if (isObject(worth) && differs(worth['max'])) refuse(under(under(place, 'points'), 'max'), detail)
}
