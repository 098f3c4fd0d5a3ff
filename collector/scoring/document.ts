import { nearest } from './nearest.ts'

/** A place in a document that is being checked. */
export interface Place {
  /** JSON pointer, RFC 6901. */
  pointer: string
  errors: { pointer: string; detail: string }[]
}

/** Looks at one value of a document, and notes at its place what is wrong with it, in words for whoever wrote it. */
export type Check = (value: unknown, place: Place) => void

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

export const text =
  (max = 200): Check =>
  (value, place) => {
    if (typeof value !== 'string' || value.trim() === '' || value.length > max)
      refuse(place, `Must be a text of 1 to ${max} characters, not ${quoted(value)}.`)
  }

interface Range {
  min?: number
  max?: number
  above?: number
}

export const number =
  (range: Range = {}): Check =>
  (value, place) => {
    const { min = -Infinity, max = Infinity, above = -Infinity } = range
    const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max && value > above
    if (!fits) refuse(place, `Must be a number${rangeWords(range)}, not ${quoted(value)}.`)
  }

function rangeWords({ min, max, above }: Range): string {
  if (above !== undefined) return max === undefined ? ` above ${above}` : ` above ${above}, at most ${max}`
  return min === undefined || max === undefined ? '' : ` from ${min} to ${max}`
}

export const wholeNumber =
  (min: number, max: number): Check =>
  (value, place) => {
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
      refuse(place, `Must be a whole number from ${min} to ${max}, not ${quoted(value)}.`)
  }

export const flag: Check = (value, place) => {
  if (typeof value !== 'boolean') refuse(place, `Must be true or false, not ${quoted(value)}.`)
}

export const scalar: Check = (value, place) => {
  if (isObject(value) || Array.isArray(value) || value === undefined)
    refuse(place, `Must be a text, a number, true, false or null, not ${quoted(value)}.`)
}

export const oneOf =
  (names: readonly string[]): Check =>
  (value, place) => {
    if (typeof value !== 'string') return refuse(place, `Must be one of ${names.join(', ')}, not ${quoted(value)}.`)
    if (!names.includes(value)) refuse(place, unknownName(value, names))
  }

/** A list of things, each checked by itself. */
export const list =
  (item: Check, { min = 0, max }: { min?: number; max: number }): Check =>
  (value, place) => {
    if (!Array.isArray(value)) return refuse(place, `Must be a list, not ${quoted(value)}.`)
    if (value.length < min) refuse(place, `Must have at least ${min === 1 ? 'one entry' : `${min} entries`}.`)
    if (value.length > max) return refuse(place, `Must have at most ${max} entries, not ${value.length}.`)
    value.forEach((entry, index) => item(entry, under(place, index)))
  }

/** Things under names that whoever wrote the document chose. */
export const named =
  (name: Check, item: Check, { max }: { max: number }): Check =>
  (value, place) => {
    if (!isObject(value)) return refuse(place, `Must be an object with a name for each entry, not ${quoted(value)}.`)
    const entries = Object.entries(value)
    if (entries.length === 0) refuse(place, 'Must name at least one thing.')
    if (entries.length > max) return refuse(place, `Must name at most ${max} things, not ${entries.length}.`)
    for (const [key, entry] of entries) {
      name(key, under(place, key))
      item(entry, under(place, key))
    }
  }

/** An object with exactly these keys. A key is needed unless its check is `optional`. */
export const object =
  <T>(keys: { readonly [K in KeyOf<T>]-?: Check }): Check =>
  (value, place) => {
    if (!isObject(value)) return refuse(place, `Must be an object, not ${quoted(value)}.`)
    const checks = keys as Record<string, Check>
    const names = Object.keys(checks)
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(checks, key)) refuse(under(place, key), unknownName(key, names))
    }
    for (const name of names) {
      const check = checks[name]!
      const given = Object.hasOwn(value, name) ? value[name] : undefined
      if (given !== undefined) check(given, under(place, name))
      else if (!optionals.has(check)) refuse(place, `\`${name}\` is missing.`)
    }
  }

type KeyOf<T> = T extends unknown ? keyof T : never

const optionals = new WeakSet<Check>()

/** The same check, for a value that may be left out. */
export function optional(check: Check): Check {
  const lenient: Check = (value, place) => check(value, place)
  optionals.add(lenient)
  return lenient
}

/** What to say of a name that is none of the known ones. */
export function unknownName(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  const hint = meant === null ? `Known: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`
  return `${quoted(name)} is not known here. ${hint}`
}
