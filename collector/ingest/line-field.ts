import type { Instant } from '../../shared/instant.ts'
import { cleanText } from './clean.ts'
import { readInstant } from './event.ts'

/** Why a line is none. The reason repeats nothing that the line says of a person. */
export class Wrong extends Error {}

/** A line of an import as it was given. */
export type Given = Record<string, unknown>

// Fields of a line; each throws what would be right.

export const has = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

export function text(given: Given, name: string, max: number): string {
  const value = given[name]
  const said = typeof value === 'number' ? String(value) : value
  if (typeof said !== 'string' || said.trim() === '' || said.length > max)
    throw new Wrong(`${name}: must be a text of 1 to ${max} characters`)
  return cleanText(said).trim()
}

export function instant(given: Given, name: string): Instant {
  const at = readInstant(given[name])
  if (at === null) throw new Wrong(`${name}: must be an instant: milliseconds since 1970, or RFC 3339`)
  return at
}

export function finite(given: Given, name: string): number {
  const value = given[name]
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new Wrong(`${name}: must be a number`)
  return number
}

export function count(given: Given, name: string): number {
  const number = finite(given, name)
  if (!Number.isSafeInteger(number) || number < 0) throw new Wrong(`${name}: must be a whole number from 0`)
  return number
}

export function choice<Choice extends string>(given: Given, name: string, choices: readonly Choice[]): Choice {
  const found = choices.find(known => known === given[name])
  if (found === undefined) throw new Wrong(`${name}: must be one of ${choices.join(', ')}`)
  return found
}

export const orNull = <Value>(given: Given, name: string, read: (given: Given, name: string) => Value): Value | null =>
  has(given[name]) ? read(given, name) : null

export const orNullText = (given: Given, name: string, max: number): string | null =>
  has(given[name]) ? text(given, name, max) : null

/** Each of a list of objects. */
export function each<Item>(given: Given, name: string, read: (item: Given) => Item): Item[] {
  const list = given[name] ?? []
  if (!Array.isArray(list) || list.some(item => item === null || typeof item !== 'object'))
    throw new Wrong(`${name}: must be a list of objects`)
  return (list as Given[]).map(item => read(item))
}
