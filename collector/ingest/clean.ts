import type { Json, Properties } from '../../shared/json.ts'

/** Levels of objects and lists inside `properties`. */
export const MAX_DEPTH = 8

/** Text that every database and browser can hold: no lone surrogates, no NUL. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** The same value with clean text, finite numbers and no key that reaches a prototype; `null` when nested too deep. */
export function cleanProperties(value: object): Properties | null {
  try {
    return cleanObject(value, 1)
  } catch (error) {
    if (error instanceof TooDeep) return null
    throw error
  }
}

class TooDeep extends Error {}

function cleanObject(value: object, depth: number): Properties {
  const clean: Properties = {}
  for (const [key, inner] of Object.entries(value)) {
    if (key !== '__proto__') clean[cleanText(key)] = cleanValue(inner, depth)
  }
  return clean
}

function cleanValue(value: unknown, depth: number): Json {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean' || value === null) return value
  if (depth >= MAX_DEPTH) throw new TooDeep()
  if (Array.isArray(value)) return value.map(item => cleanValue(item, depth + 1))
  return typeof value === 'object' ? cleanObject(value, depth + 1) : null
}
