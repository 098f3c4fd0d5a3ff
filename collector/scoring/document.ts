import { nearest } from '../../shared/nearest.ts'

/** A place in a document that is being checked. */
export interface Place {
  /** JSON pointer, RFC 6901. */
  pointer: string
  errors: { pointer: string; detail: string }[]
}

/** Looks at one value of a document, and notes at its place what is wrong with it, in words for whoever wrote it. */
export type Check = (value: unknown, place: Place) => void

/** JSON Schema, draft 2020-12, as far as it is used here. */
export type Schema = boolean | { [keyword: string]: unknown }

const schemas = new WeakMap<Check, Schema>()
const optionals = new WeakSet<Check>()

/** A check, together with the JSON Schema that says the same to machines. */
export function saying(schema: Schema, check: Check): Check {
  schemas.set(check, schema)
  return check
}

export const schemaOf = (check: Check): Schema => schemas.get(check) ?? true

export function refuse({ errors, pointer }: Place, detail: string): void {
  errors.push({ pointer, detail })
}

export const under = ({ pointer, errors }: Place, key: string | number): Place => ({
  pointer: `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
  errors,
})

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** As it may be read in a sentence. */
export const quoted = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

export const text = (max = 200): Check =>
  saying({ type: 'string', pattern: '\\S', maxLength: max }, (value, place) => {
    if (typeof value !== 'string' || value.trim() === '' || value.length > max)
      refuse(place, `Must be a text of 1 to ${max} characters, not ${quoted(value)}.`)
  })

interface Range {
  min?: number
  max?: number
  above?: number
}

export const number = (range: Range = {}): Check =>
  saying({ type: 'number', minimum: range.min, maximum: range.max, exclusiveMinimum: range.above }, (value, place) => {
    const { min = -Infinity, max = Infinity, above = -Infinity } = range
    const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max && value > above
    if (!fits) refuse(place, `Must be a number${rangeWords(range)}, not ${quoted(value)}.`)
  })

function rangeWords({ min, max, above }: Range): string {
  if (above !== undefined) return max === undefined ? ` above ${above}` : ` above ${above}, at most ${max}`
  return min === undefined || max === undefined ? '' : ` from ${min} to ${max}`
}

export const wholeNumber = (min: number, max: number): Check =>
  saying({ type: 'integer', minimum: min, maximum: max }, (value, place) => {
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
      refuse(place, `Must be a whole number from ${min} to ${max}, not ${quoted(value)}.`)
  })

export const flag: Check = saying({ type: 'boolean' }, (value, place) => {
  if (typeof value !== 'boolean') refuse(place, `Must be true or false, not ${quoted(value)}.`)
})

export const scalar: Check = saying({ type: ['string', 'number', 'boolean', 'null'] }, (value, place) => {
  if (isObject(value) || Array.isArray(value) || value === undefined)
    refuse(place, `Must be a text, a number, true, false or null, not ${quoted(value)}.`)
})

export const oneOf = (names: readonly string[]): Check =>
  saying({ enum: names }, (value, place) => {
    if (typeof value !== 'string') return refuse(place, `Must be one of ${names.join(', ')}, not ${quoted(value)}.`)
    if (!names.includes(value)) refuse(place, unknownName(value, names))
  })

/** A list of things, each checked by itself. */
export const list = (item: Check, { min = 0, max }: { min?: number; max: number }): Check =>
  saying({ type: 'array', items: schemaOf(item), minItems: min, maxItems: max }, (value, place) => {
    if (!Array.isArray(value)) return refuse(place, `Must be a list, not ${quoted(value)}.`)
    if (value.length < min) refuse(place, `Must have at least ${min === 1 ? 'one entry' : `${min} entries`}.`)
    if (value.length > max) return refuse(place, `Must have at most ${max} entries, not ${value.length}.`)
    value.forEach((entry, index) => item(entry, under(place, index)))
  })

/** Things under names that whoever wrote the document chose. */
export const named = (name: Check, item: Check, { max }: { max: number }): Check => {
  const rest = { propertyNames: schemaOf(name), additionalProperties: schemaOf(item) }
  return saying({ type: 'object', minProperties: 1, maxProperties: max, ...rest }, (value, place) => {
    if (!isObject(value)) return refuse(place, `Must be an object with a name for each entry, not ${quoted(value)}.`)
    const entries = Object.entries(value)
    if (entries.length === 0) refuse(place, 'Must name at least one thing.')
    if (entries.length > max) return refuse(place, `Must name at most ${max} things, not ${entries.length}.`)
    for (const [key, entry] of entries) {
      name(key, under(place, key))
      item(entry, under(place, key))
    }
  })
}

/** An object with exactly these keys. A key is needed unless its check is `optional`. */
export const object = <T>(keys: { readonly [K in KeyOf<T>]-?: Check }): Check => {
  const checks = keys as Record<string, Check>
  const names = Object.keys(checks)
  const schema = {
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name, schemaOf(checks[name]!)])),
    required: names.filter(name => !optionals.has(checks[name]!)),
    additionalProperties: false,
  }
  return saying(schema, (value, place) => {
    if (!isObject(value)) return refuse(place, `Must be an object, not ${quoted(value)}.`)
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(checks, key)) refuse(under(place, key), unknownName(key, names))
    }
    for (const name of names) {
      const check = checks[name]!
      const given = Object.hasOwn(value, name) ? value[name] : undefined
      if (given !== undefined) check(given, under(place, name))
      else if (!optionals.has(check)) refuse(place, `\`${name}\` is missing.`)
    }
  })
}

type KeyOf<T> = T extends unknown ? keyof T : never

/** The same check, for a value that may be left out. */
export function optional(check: Check): Check {
  const lenient = saying(schemaOf(check), (value, place) => check(value, place))
  optionals.add(lenient)
  return lenient
}

/** What to say of a name that is none of the known ones. */
export function unknownName(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  const hint = meant === null ? `Known: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`
  return `${quoted(name)} is not known here. ${hint}`
}
