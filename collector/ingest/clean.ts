import type { Json, Properties } from '../../shared/json.ts'

/** Levels of objects and lists inside `properties`. */
export const MAX_DEPTH = 8
/** Keys of one object. */
export const MAX_KEYS = 200
/** Keys and list items of one event together: GA4's longest list, 200 items, at ten fields each. */
export const MAX_VALUES = 2_000
/** Characters of a key, and of a text. */
export const MAX_KEY = 200
export const MAX_TEXT = 8_192

/** Text that every database and browser can hold: no lone surrogates, no NUL. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** The same value with clean text, finite numbers and no key that reaches a prototype; else the limit that it exceeds. */
export function cleanProperties(value: object): Properties | string {
  try {
    return cleanObject(value, 1, { values: 0 })
  } catch (error) {
    if (error instanceof Excess) return error.message
    throw error
  }
}

class Excess extends Error {}

/** What of an event was read so far. */
interface Count {
  values: number
}

function cleanObject(value: object, depth: number, count: Count): Properties {
  const entries = Object.entries(value)
  if (entries.length > MAX_KEYS) {
    throw new Excess(`must not hold an object of more than ${MAX_KEYS} keys; one has ${entries.length}`)
  }
  add(count, entries.length)
  const clean: Properties = {}
  for (const [key, inner] of entries) {
    if (key.length > MAX_KEY) throw new Excess(`must not hold a key of more than ${MAX_KEY} characters`)
    if (key !== '__proto__') clean[cleanText(key)] = cleanValue(inner, depth, count)
  }
  return clean
}

function cleanValue(value: unknown, depth: number, count: Count): Json {
  if (typeof value === 'string') {
    if (value.length <= MAX_TEXT) return cleanText(value)
    throw new Excess(`must not hold a text of more than ${MAX_TEXT} characters`)
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean' || value === null) return value
  if (depth >= MAX_DEPTH) throw new Excess(`must not be nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) {
    add(count, value.length)
    return value.map(item => cleanValue(item, depth + 1, count))
  }
  return typeof value === 'object' ? cleanObject(value, depth + 1, count) : null
}

function add(count: Count, values: number): void {
  count.values += values
  if (count.values > MAX_VALUES) throw new Excess(`must not hold more than ${MAX_VALUES} keys and list items`)
}
